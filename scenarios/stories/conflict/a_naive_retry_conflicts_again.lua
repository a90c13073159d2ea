local sim = require "syncsim"
local scene = require "lib.two_devices"

-- The documents say that after a 412 one can simply execute again; the code does not copy the version.
return sim.story {
  name = "executing again after 412 without copying the version gets 412 again",
  tables = scene.tables,
  run = function(world)
    local statuses = {}
    local phone = scene.meet(world, {
      handler = function(op)
        for _ = 1, 3 do
          local row, problem = op:execute()
          if row then return row end
          statuses[#statuses + 1] = problem.status
        end
        return op:fail()
      end,
    })
    local _, _, code = phone:push()
    sim.expect(code):equals "push_failed"
    sim.expect(statuses):equals { 412, 412, 412 }
    sim.expect(scene.on_server(world)):has { text = "tablet's" }
  end,
}
