local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "a handler that copies the server's version into the item and executes again lets the client win",
  tables = scene.tables,
  run = function(world)
    local tries = 0
    local phone = scene.meet(world, {
      handler = function(op)
        local row, problem = op:execute()
        while not row and problem.status == 412 do
          tries = tries + 1
          op.item.version = problem.server.version
          row, problem = op:execute()
        end
        return row or op:fail()
      end,
    })
    sim.expect(phone:push().status):equals "Complete"
    sim.expect(tries):equals(1)
    sim.expect(scene.on_server(world)):has { text = "phone's" }
    sim.expect(scene.on(phone)):has { text = "phone's", version = scene.on_server(world).version }
  end,
}
