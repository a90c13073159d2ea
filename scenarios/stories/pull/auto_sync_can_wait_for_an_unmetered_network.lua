local sim = require "syncsim"

return sim.story {
  name = "auto-sync can be told to leave metered networks alone",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", auto_sync = "unmetered" }
    phone:offline()
    phone:metered(true)
    phone:table("todoitem"):insert { id = "a", text = "can wait" }
    phone:online()
    world:sleep "1 h"
    sim.expect(phone:pending()):why("on a metered network"):equals(1)
    phone:metered(false)
    world:eventually(function() return phone:pending() == 0 end, "1 min")
    sim.expect(world.server:table("todoitem"):count()):equals(1)
  end,
}
