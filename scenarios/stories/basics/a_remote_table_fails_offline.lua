local sim = require "syncsim"

return sim.story {
  name = "a direct remote table works online and fails offline",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    local remote = phone:remote "todoitem"
    remote:insert { id = "a", text = "straight to the server" }
    sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "straight to the server" }
    sim.expect(phone:table("todoitem"):count()):why("a remote table does not touch the local store"):equals(0)

    phone:offline()
    sim.fails("network", remote:insert { id = "b", text = "nowhere" })
    sim.fails("network", remote:read())
    sim.expect(phone:pending()):equals(0)
  end,
}
