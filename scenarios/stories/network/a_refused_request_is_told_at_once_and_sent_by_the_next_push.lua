local sim = require "syncsim"

return sim.story {
  name = "a request that cannot leave ends the push at once, and the next push sends it",
  tables = { todoitem = { text = "string" } },
  dialects = { "mobile-apps", "mobile-apps-js", "toolkit", "sound" },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:table("todoitem"):insert { id = "milk", text = "milk" }
    world:link(phone):fail_next { fault = "request-refused" }
    local before = world:now_ns()
    phone:push()
    sim.expect(world:now_ns() - before):equals(0)
    sim.expect(phone:pending()):equals(1)
    sim.expect(world.server:table("todoitem"):count()):equals(0)
    phone:push()
    sim.expect(phone:pending()):equals(0)
    sim.expect(world.server:table("todoitem"):count()):equals(1)
  end,
}
