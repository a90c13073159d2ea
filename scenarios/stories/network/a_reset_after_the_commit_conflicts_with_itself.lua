local sim = require "syncsim"

-- The connection breaks when the answer would have come, or its body is cut off: the client does not know that the server executed.
return sim.story {
  name = "an update whose answer breaks off is sent again, and conflicts with itself",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", policy = "client_wins" }
    world.server:table("todoitem"):insert { id = "milk", text = "milk" }
    phone:pull "todoitem"
    for _, fault in ipairs { "response-reset", "response-truncated" } do
      local before = world:counts().conflicts
      phone:table("todoitem"):update { id = "milk", text = fault }
      world:link(phone):fail_next { fault = fault }
      local _, _, _, failed = phone:push()
      sim.expect(failed.status):equals "CancelledByNetworkError"
      sim.expect(world.server:table("todoitem"):lookup "milk"):has { text = fault }
      phone:push()
      sim.expect(world:counts().conflicts - before):equals(1)
      sim.expect(phone:pending()):equals(0)
    end
  end,
}
