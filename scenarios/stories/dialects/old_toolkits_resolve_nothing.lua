local sim = require "syncsim"

return sim.story {
  name = "toolkit before 9.0.2: no resolver is asked, a conflict fails and blocks every pull",
  tables = { todoitem = { text = "string" } },
  dialects = { "toolkit-9.0.0" },
  run = function(world)
    local phone = world:client { name = "phone", policy = "client_wins" }
    world.server:table("todoitem"):insert { id = "milk", text = "milk" }
    phone:pull "todoitem"
    world.server:table("todoitem"):update { id = "milk", text = "soy milk" }
    phone:table("todoitem"):update { id = "milk", text = "oat milk" }
    sim.expect(phone:push().errors[1]):has { status = 412 }
    sim.expect(world.server:table("todoitem"):lookup "milk"):has { text = "soy milk" }
    sim.fails("state", phone:pull "todoitem")
  end,
}
