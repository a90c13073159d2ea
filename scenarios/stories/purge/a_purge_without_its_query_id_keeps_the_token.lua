local sim = require "syncsim"

return sim.story {
  name = "a purge that does not name the query id keeps its token, so the purged rows do not come back",
  tables = { todoitem = { text = "string" } },
  finds = { checker = "convergence", row = "a" },
  run = function(world)
    local phone = world:client { name = "phone" }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    world:sleep "1 s"
    world.server:table("todoitem"):insert { id = "b", text = "at the token" }
    phone:pull { table = "todoitem", query_id = "all" }
    phone:purge "todoitem"
    phone:pull { table = "todoitem", query_id = "all" }
    sim.expect(phone:table("todoitem"):lookup "a"):is_nil()
    sim.expect(phone:table("todoitem"):lookup "b"):why("the row at the token always comes"):has { text = "at the token" }
    world:settle()
  end,
}
