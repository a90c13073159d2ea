local sim = require "syncsim"

-- The twin of an_insert_of_an_existing_id_is_refused.lua.
return sim.story {
  name = "sound: an update or delete of a row that is not in the local table is refused, and nothing is queued",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound" }
    sim.fails("not_found", phone:table("todoitem"):update { id = "ghost", text = "nobody inserted me" })
    sim.fails("not_found", phone:table("todoitem"):delete "ghost")
    sim.expect(phone:pending()):equals(0)
    sim.expect(phone:table("todoitem"):count()):equals(0)
  end,
}
