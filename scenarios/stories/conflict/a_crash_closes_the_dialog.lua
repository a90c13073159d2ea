local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "a crash while the dialog is open ends the push; the operation is still there afterwards",
  tables = scene.tables,
  run = function(world)
    local phone = scene.meet(world, {
      store = "sqlite",
      policy = function()
        world:sleep "10 min"
        return "client"
      end,
    })
    local push = world:spawn(function() return phone:push() end)
    world:sleep "1 min"
    phone:crash()
    local _, _, code = push:join()
    sim.expect(code):equals "crashed"
    phone:restart()
    sim.expect(phone:queue()[1]):has { id = "milk", state = "attempted" }
    sim.expect(phone:push().status):equals "Complete"
    sim.expect(scene.on_server(world)):has { text = "phone's" }
  end,
}
