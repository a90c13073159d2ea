local sim = require "syncsim"

return sim.story {
  name = "an update whose answer breaks off is sent again, and known by its key",
  tables = { todoitem = { text = "string" } },
  dialects = { "sound" },
  run = function(world)
    local phone = world:client { name = "phone", policy = "client_wins" }
    world.server:table("todoitem"):insert { id = "milk", text = "milk" }
    phone:pull "todoitem"
    for _, fault in ipairs { "response-reset", "response-truncated", "response-failed" } do
      phone:table("todoitem"):update { id = "milk", text = fault }
      world:link(phone):fail_next { fault = fault }
      phone:push()
      sim.expect(world.server:table("todoitem"):lookup "milk"):has { text = fault }
      phone:push()
      sim.expect(phone:pending()):equals(0)
    end
    sim.expect(world:counts().conflicts):equals(0)
  end,
}
