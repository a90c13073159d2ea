local sim = require "syncsim"

return sim.story {
  name = "a link that is blocked towards the device alone lets every request through, and every answer vanish",
  tables = { todoitem = { text = "string" } },
  dialects = { "mobile-apps", "sound" },
  run = function(world)
    local phone = world:client { name = "phone", policy = "client_wins" }
    world.server:table("todoitem"):insert { id = "milk", text = "milk" }
    phone:pull "todoitem"
    phone:table("todoitem"):update { id = "milk", text = "oat milk" }
    world:link(phone):block { down = true }
    phone:push()
    sim.expect(phone:pending()):equals(1)
    sim.expect(world.server:table("todoitem"):lookup "milk"):has { text = "oat milk" }
    world:link(phone):unblock()
    phone:push()
    sim.expect(phone:pending()):equals(0)
    sim.expect(world.server:table("todoitem"):lookup "milk"):has { text = "oat milk" }
  end,
}
