local sim = require "syncsim"

-- An edit that changes nothing is in flight when a newer one queues behind it. The server's row has changed meanwhile: the first gives way,
-- and the second must not pass as one that has seen that row.
return sim.story {
  name = "sound: an edit behind one that gave way is a conflict of its own",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", policy = "server_wins", latency = "1 s" }
    local office = world.server:table "todoitem"
    office:insert { id = "a", text = "old" }
    phone:pull "todoitem"
    office:update { id = "a", text = "of the office" }
    phone:table("todoitem"):update { id = "a", text = "old" }
    local pushing = world:spawn(function() phone:push() end)
    world:sleep "500 ms"
    phone:table("todoitem"):update { id = "a", text = "of the phone" }
    pushing:join()
    world:settle()

    sim.expect(office:lookup("a").text):equals "of the office"
  end,
}
