local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "two devices edit the same item; the one that pushes later gets 412 with the server's version",
  tables = scene.tables,
  run = function(world)
    local phone = scene.meet(world)
    local _, _, code, result = phone:push()
    sim.expect(code):equals "push_failed"
    sim.expect(result.status):equals "Complete"
    local problem = result.errors[1]
    sim.expect(problem):has { kind = "update", table = "todoitem", id = "milk", status = 412 }
    sim.expect(problem.item):has { text = "phone's" }
    sim.expect(problem.server):has { text = "tablet's", version = scene.on_server(world).version }
    sim.expect(scene.on(phone)):has { text = "phone's" }
    sim.expect(phone:pending()):equals(1)
    problem:cancel_and_update(problem.server)
  end,
}
