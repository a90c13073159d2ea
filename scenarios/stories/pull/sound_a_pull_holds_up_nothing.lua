local sim = require "syncsim"

return sim.story {
  name = "sound: an edit during a pull does not wait, and the page that comes does not overwrite it",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", latency = "1 s", policy = "client_wins" }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    phone:pull { table = "todoitem", query_id = "all" }
    world.server:table("todoitem"):update { id = "a", text = "theirs" }
    local started = world:now_ns()
    local pull = world:spawn(function() return phone:pull { table = "todoitem", query_id = "all" } end)
    world:sleep "500 ms"
    phone:table("todoitem"):update { id = "a", text = "mine" }
    sim.expect(world:now_ns() - started):equals(500 * 1000000)
    pull:join()
    sim.expect(phone:table("todoitem"):lookup "a"):has { text = "mine" }
    sim.expect(phone:push().status):equals "Complete"
    sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "mine" }
    world:settle()
  end,
}
