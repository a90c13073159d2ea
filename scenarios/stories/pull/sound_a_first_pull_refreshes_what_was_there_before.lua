local sim = require "syncsim"

-- Rows get into the store by a push, too, or by another query; a first pull is only sent what matches now.
return sim.story {
  name = "sound: the first pull with a filter also refreshes local rows that have left the filter on the server",
  tables = { todoitem = { text = "string", complete = "boolean" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound" }
    for _, id in ipairs { "changed", "deleted", "kept" } do
      phone:table("todoitem"):insert { id = id, text = "mine", complete = false }
    end
    phone:push()
    world.server:table("todoitem"):update { id = "changed", complete = true }
    world.server:table("todoitem"):update { id = "deleted", complete = true }
    world.server:table("todoitem"):delete "deleted"

    phone:pull { table = "todoitem", query_id = "open", where = { complete = false } }
    sim.expect(phone:table("todoitem"):lookup "changed"):has { complete = true }
    sim.expect(phone:table("todoitem"):lookup "deleted"):is_nil()
    sim.expect(phone:table("todoitem"):lookup "kept"):has { complete = false }
    world:settle()
  end,
}
