local sim = require "syncsim"

-- The twin of a_filter_for_a_part_of_a_text_fails_at_datasync.lua.
return sim.story {
  name = "sound: a pull can filter by a part of a text",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound" }
    world.server:table("todoitem"):insert { id = "a", text = "oat milk" }
    world.server:table("todoitem"):insert { id = "b", text = "bread" }
    sim.expect(phone:pull { table = "todoitem", query_id = "milk", where = { text = { contains = "milk" } } }):equals(1)
  end,
}
