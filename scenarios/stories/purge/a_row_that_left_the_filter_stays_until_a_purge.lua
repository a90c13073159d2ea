local sim = require "syncsim"

return sim.story {
  name = "a row that no longer matches the pulled filter stays on the device, stale, until a purge with its query id",
  tables = { todoitem = { text = "string", owner = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    local mine = { table = "todoitem", query_id = "mine", where = { owner = "ann" } }
    world.server:table("todoitem"):insert { id = "a", text = "task", owner = "ann" }
    world.server:table("todoitem"):insert { id = "b", text = "task", owner = "ann" }
    phone:pull(mine)
    world:sleep "1 s"
    world.server:table("todoitem"):update { id = "a", owner = "bob" }
    phone:pull(mine)
    sim.expect(phone:table("todoitem"):lookup "a"):why("stale"):has { owner = "ann" }

    phone:purge { table = "todoitem", query_id = "mine" }
    phone:pull(mine)
    sim.expect(phone:table("todoitem"):lookup "a"):is_nil()
    sim.expect(phone:table("todoitem"):lookup "b"):has { owner = "ann" }
  end,
}
