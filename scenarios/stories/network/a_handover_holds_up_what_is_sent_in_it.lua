-- A phone that goes from one cell to the next hears nothing for a moment; nothing is lost, and nobody is told.
local sim = require "syncsim"

return sim.story {
  name = "a handover holds up what is sent in it",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", latency = "20 ms" }
    phone:table("todoitem"):insert { id = "milk", text = "milk" }
    world:link(phone):clog "300 ms"
    local before = world:now_ns()
    sim.expect(phone:push().status):equals "Complete"
    sim.expect((world:now_ns() - before) // 1000000):at_least(320) -- 40 otherwise
    sim.expect(#world.server:requests()):equals(1)
  end,
}
