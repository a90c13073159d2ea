local sim = require "syncsim"

return sim.story {
  name = "a push into a maintenance window fails for each operation, and the next one after it sends them all",
  tables = { todoitem = { text = "string" } },
  dialects = { "mobile-apps", "mobile-apps-js", "datasync", "toolkit", "sound" },
  run = function(world)
    local phone = world:client { name = "phone", policy = "client_wins" }
    for _, id in ipairs { "a", "b" } do phone:table("todoitem"):insert { id = id, text = "mine" } end
    world.server:maintenance "2 min"
    phone:push()
    sim.expect(phone:pending()):equals(2)
    sim.expect(world.server:table("todoitem"):count()):equals(0)
    world:sleep "2 min"
    phone:push()
    world:settle()
    sim.expect(phone:pending()):equals(0)
    sim.expect(world.server:table("todoitem"):count()):equals(2)
  end,
}
