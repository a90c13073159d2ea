local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "a handler merges: the tablet's text, the phone's tick, sent under the version that the handler sets itself",
  tables = scene.tables,
  run = function(world)
    local phone, tablet = scene.meet(world, {
      handler = function(op)
        local row, problem = op:execute()
        if row then return row end
        op.item.text = problem.server.text
        op.item.version = problem.server.version
        return op:execute() or op:fail()
      end,
    })
    phone:table("todoitem"):update { id = "milk", complete = true }
    sim.expect(phone:push().status):equals "Complete"
    sim.expect(scene.on_server(world)):has { text = "tablet's", complete = true }
    tablet:pull { table = "todoitem", query_id = "all" }
    sim.expect(scene.on(tablet)):has { text = "tablet's", complete = true }
  end,
}
