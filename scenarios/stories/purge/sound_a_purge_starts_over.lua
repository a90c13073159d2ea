local sim = require "syncsim"

-- The twin of a_purge_without_its_query_id_keeps_the_token.lua and of a_purge_with_pending_operations_is_refused.lua.
return sim.story {
  name = "sound: a purge forgets the tokens of its table, so everything comes back; force goes together with a filter",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound" }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    world:sleep "1 s"
    world.server:table("todoitem"):insert { id = "b", text = "newer" }
    phone:pull { table = "todoitem", query_id = "all" }
    phone:table("todoitem"):update { id = "a", text = "unsent" }
    sim.fails("state", phone:purge "todoitem")
    sim.expect(phone:purge { table = "todoitem", force = true, where = { text = "unsent" } }):equals(1)
    sim.expect(phone:pending()):equals(0)
    phone:pull { table = "todoitem", query_id = "all" }
    sim.expect(phone:table("todoitem"):lookup "a"):has { text = "old" }
    sim.expect(phone:table("todoitem"):lookup "b"):has { text = "newer" }
    world:settle()
  end,
}
