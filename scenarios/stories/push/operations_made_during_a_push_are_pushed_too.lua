local sim = require "syncsim"

return sim.story {
  name = "mobile-apps: operations that are queued while a push runs are taken by that push",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", latency = "1 s" }
    phone:table("todoitem"):insert { id = "a", text = "before" }
    local push = world:spawn(function() return phone:push() end)
    world:sleep "500 ms"
    phone:table("todoitem"):insert { id = "b", text = "during" }
    local result = push:join()
    sim.expect(result.completed):equals(2)
    sim.expect(phone:pending()):equals(0)
  end,
}
