local sim = require "syncsim"

-- The answer of a push is lost, somebody else changes the row, and the retry is answered with the row as it is now. A newer edit that waits
-- behind has not seen that.
return sim.story {
  name = "sound: an edit behind one that was answered late is a conflict of its own",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", policy = "server_wins", latency = "1 s", timeout = "5 s" }
    local office = world.server:table "todoitem"
    office:insert { id = "a", text = "old" }
    phone:pull "todoitem"
    phone:table("todoitem"):update { id = "a", text = "first" }
    world:link(phone):drop_next { what = "response" }
    local pushing = world:spawn(function() phone:push() end)
    world:sleep "2 s"
    phone:table("todoitem"):update { id = "a", text = "second" }
    pushing:join()
    office:update { id = "a", text = "of the office" }
    phone:push()
    world:settle()

    sim.expect(office:lookup("a").text):equals "of the office"
  end,
}
