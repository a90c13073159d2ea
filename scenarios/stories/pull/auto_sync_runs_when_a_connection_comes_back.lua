local sim = require "syncsim"

return sim.story {
  name = "auto-sync pushes and pulls whenever a connection comes back, with a policy for each table",
  tables = { todoitem = { text = "string" }, setting = { value = "string" } },
  run = function(world)
    local phone = world:client {
      name = "phone", auto_sync = true,
      policy = { todoitem = "client_wins", setting = "server_wins" },
    }
    world.server:table("todoitem"):insert { id = "t", text = "old" }
    world.server:table("setting"):insert { id = "s", value = "old" }
    phone:sync()
    phone:offline()
    phone:table("todoitem"):update { id = "t", text = "mine" }
    phone:table("setting"):update { id = "s", value = "mine" }
    world.server:table("todoitem"):update { id = "t", text = "theirs" }
    world.server:table("setting"):update { id = "s", value = "theirs" }
    world.server:table("todoitem"):insert { id = "n", text = "new" }
    world:sleep "1 h"
    sim.expect(phone:pending()):equals(2)

    phone:online()
    world:eventually(function() return phone:table("todoitem"):lookup "n" ~= nil end, "1 min")
    sim.expect(phone:pending()):equals(0)
    sim.expect(world.server:table("todoitem"):lookup "t"):has { text = "mine" }
    sim.expect(phone:table("setting"):lookup "s"):has { value = "theirs" }
  end,
}
