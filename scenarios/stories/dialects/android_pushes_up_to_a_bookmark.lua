local sim = require "syncsim"

return sim.story {
  name = "android: what is queued during a push waits for the next one",
  tables = { todoitem = { text = "string" } },
  dialects = { "mobile-apps-android" },
  run = function(world)
    local phone = world:client { name = "phone", latency = "1 s" }
    phone:table("todoitem"):insert { id = "a", text = "x" }
    local push = world:spawn(function() return phone:push() end)
    world:sleep "500 ms"
    phone:table("todoitem"):insert { id = "b", text = "y" }
    sim.expect(phone:pending()):why("an edit of another row does not wait"):equals(2)
    sim.expect(push:join()):has { completed = 1 }
    sim.expect(phone:pending()):equals(1)
    sim.expect(phone:push()):has { completed = 1 }
  end,
}
