local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "a handler that returns the server's item lets the server win: it is stored, the operation is gone",
  tables = scene.tables,
  run = function(world)
    local phone = scene.meet(world, {
      handler = function(op)
        local row, problem = op:execute()
        return row or problem.server
      end,
    })
    sim.expect(phone:push().status):equals "Complete"
    sim.expect(scene.on(phone)):has { text = "tablet's", version = scene.on_server(world).version }
    sim.expect(phone:pending()):equals(0)
  end,
}
