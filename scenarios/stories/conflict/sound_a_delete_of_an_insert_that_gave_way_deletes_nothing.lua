local sim = require "syncsim"

-- The phone deletes its own new row while that is on its way; the server's row of the same id is one that nobody here has seen.
return sim.story {
  name = "sound: a delete that waits behind an insert goes with it when the server's row wins",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", policy = "server_wins", latency = "1 s" }
    local todo = phone:table "todoitem"
    todo:insert { id = "a", text = "mine" }
    world.server:table("todoitem"):insert { id = "a", text = "theirs" }
    local push = world:spawn(function() return phone:push() end)
    world:sleep "500 ms"
    todo:delete "a"
    sim.expect(push:join().status):equals "Complete"
    sim.expect(phone:pending()):equals(0)
    sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "theirs" }
    sim.expect(todo:lookup "a"):has { text = "theirs" }
    world:settle()
  end,
}
