local sim = require "syncsim"

return sim.story {
  name = "behind a partition a push waits for its time-out, and the other device works on",
  tables = { todoitem = { text = "string" } },
  dialects = { "mobile-apps", "mobile-apps-js", "sound" },
  run = function(world)
    local phone = world:client { name = "phone" }
    local tablet = world:client { name = "tablet" }
    phone:table("todoitem"):insert { id = "milk", text = "milk" }
    tablet:table("todoitem"):insert { id = "bread", text = "bread" }
    world:partition { phone }
    local before = world:now_ns()
    phone:push()
    sim.expect(world:now_ns() - before):equals(100 * 1000 * 1000 * 1000)
    tablet:push()
    sim.expect(world.server:table("todoitem"):count()):equals(1)
    world:link(phone):unblock()
    phone:push()
    sim.expect(world.server:table("todoitem"):count()):equals(2)
  end,
}
