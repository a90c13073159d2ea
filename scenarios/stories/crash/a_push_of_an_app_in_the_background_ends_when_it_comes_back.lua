local sim = require "syncsim"

-- The request left before the freeze: the server has the row for an hour before the app knows.
return sim.story {
  name = "a push that was under way when the app was frozen ends well when it comes back, an hour later",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", store = "sqlite", latency = "3 s" }
    phone:table("todoitem"):insert { id = "a", text = "mine" }
    phone:suspend { grace = "5 s" }
    local push = world:spawn(function() return phone:push() end)
    world:sleep "1 h"
    sim.expect(world.server:table("todoitem"):count()):equals(1)
    sim.expect(phone:pending()):equals(1)
    phone:resume()
    sim.expect(push:join()):has { status = "Complete", completed = 1 }
    sim.expect(phone:pending()):equals(0)
  end,
}
