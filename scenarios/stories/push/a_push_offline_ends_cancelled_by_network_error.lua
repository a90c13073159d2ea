local sim = require "syncsim"

return sim.story {
  name = "a push without a connection ends CancelledByNetworkError and keeps the queue",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:offline()
    phone:table("todoitem"):insert { id = "a", text = "waits" }
    phone:table("todoitem"):insert { id = "b", text = "waits too" }
    local _, _, code, result = phone:push()
    sim.expect(code):equals "push_failed"
    sim.expect(result.status):equals "CancelledByNetworkError"
    sim.expect(result.errors):has_length(0)
    sim.expect(phone:pending()):equals(2)

    phone:online()
    sim.expect(phone:push().status):equals "Complete"
    sim.expect(world.server:table("todoitem"):count()):equals(2)
  end,
}
