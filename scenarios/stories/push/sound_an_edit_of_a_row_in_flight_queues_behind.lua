local sim = require "syncsim"

return sim.story {
  name = "sound: an edit of the row that is being pushed does not wait and is not overwritten by the answer",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", latency = "1 s" }
    phone:table("todoitem"):insert { id = "a", text = "one" }
    local push = world:spawn(function() return phone:push() end)
    world:sleep "500 ms"
    phone:table("todoitem"):update { id = "a", text = "two" }
    sim.expect(world:now_ns()):at_most(510000000)
    push:join()
    sim.expect(phone:table("todoitem"):lookup "a"):has { text = "two" }
    phone:push()
    sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "two" }
    sim.expect(phone:pending()):equals(0)
  end,
}
