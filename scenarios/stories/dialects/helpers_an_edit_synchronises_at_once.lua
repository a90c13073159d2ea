local sim = require "syncsim"

return sim.story {
  name = "app service helpers: an edit pushes and pulls before it returns, and swallows what fails",
  tables = { todoitem = { text = "string" } },
  dialects = { "app-service-helpers" },
  run = function(world)
    local phone = world:client { name = "phone" }
    world.server:table("todoitem"):insert { id = "bread", text = "bread" }
    phone:table("todoitem"):insert { id = "milk", text = "milk" }
    sim.expect(phone:pending()):equals(0)
    sim.expect(world.server:table("todoitem"):lookup "milk"):has { text = "milk" }
    sim.expect(phone:table("todoitem"):lookup "bread"):has { text = "bread" }

    phone:offline()
    sim.expect(phone:table("todoitem"):update { id = "milk", text = "oat milk" }):why("returns silently"):has { text = "oat milk" }
    world.server:table("todoitem"):update { id = "milk", text = "soy milk" }
    phone:online()
    sim.expect(phone:table("todoitem"):update { id = "milk", text = "rice milk" }):why("a conflict that nobody hears of"):has { text = "rice milk" }
    sim.expect(phone:pending()):equals(1)
    sim.expect(world.server:table("todoitem"):lookup "milk"):has { text = "soy milk" }
  end,
}
