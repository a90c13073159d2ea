local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "errors resolved in on_push_complete do not make the push fail",
  tables = scene.tables,
  run = function(world)
    local count
    local phone = scene.meet(world, {
      on_push_complete = function(result)
        count = #result.errors
        for _, problem in ipairs(result.errors) do problem:cancel_and_update(problem.server) end
      end,
    })
    sim.expect(phone:push().status):equals "Complete"
    sim.expect(count):equals(1)
    sim.expect(scene.on(phone)):has { text = "tablet's" }
  end,
}
