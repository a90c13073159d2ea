local sim = require "syncsim"
local scene = require "lib.two_devices"

-- The documents: returning from the handler takes the server's value. The code: only if the handler returns it.
return sim.story {
  name = "a handler that returns nothing drops the operation and leaves the local edit in place, with the old version",
  tables = scene.tables,
  run = function(world)
    local phone = scene.meet(world, {
      handler = function(op)
        op:execute()
      end,
    })
    local version = scene.on(phone).version
    sim.expect(phone:push().status):equals "Complete"
    sim.expect(phone:pending()):equals(0)
    sim.expect(scene.on(phone)):has { text = "phone's", version = version }
    sim.expect(scene.on_server(world)):has { text = "tablet's" }

    -- Every further edit conflicts as well, and is dropped as well, until a pull replaces the row.
    phone:table("todoitem"):update { id = "milk", complete = true }
    sim.expect(phone:push().status):equals "Complete"
    sim.expect(scene.on_server(world)):has { complete = false }
    phone:pull { table = "todoitem", query_id = "all" }
    sim.expect(scene.on(phone)):has { text = "tablet's", complete = false }
  end,
}
