local sim = require "syncsim"

-- Something before the server answers, and the client cannot tell.
return sim.story {
  name = "a gateway's 401 ends a push, its 503 fails one operation, and nothing is lost",
  tables = { todoitem = { text = "string" } },
  dialects = { "mobile-apps", "mobile-apps-js", "sound" },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:table("todoitem"):insert { id = "milk", text = "milk" }
    world:link(phone):fail_next { fault = "unauthorized" }
    local _, _, _, failed = phone:push()
    sim.expect(failed.status):equals "CancelledByAuthenticationError"
    for _, fault in ipairs { "portal", "throttled", "unavailable", "failed" } do
      world:link(phone):fail_next { fault = fault }
      phone:push()
      sim.expect(phone:pending()):equals(1)
      sim.expect(world.server:table("todoitem"):count()):equals(0)
    end
    phone:push()
    sim.expect(phone:pending()):equals(0)
    sim.expect(world.server:table("todoitem"):count()):equals(1)
  end,
}
