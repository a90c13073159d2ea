local sim = require "syncsim"
local scene = require "lib.two_devices"

-- The documents: returning from the handler takes the server's value. The code: only if the handler returns it.
return sim.story {
  name = "a handler that returns nothing drops the operation and leaves the local edit in place, with the old version",
  tables = scene.tables,
  finds = { checker = "convergence", row = "milk" },
  run = function(world)
    local phone = scene.meet(world, {
      handler = function(op)
        op:execute()
      end,
    })
    sim.expect(phone:push().status):equals "Complete"
    sim.expect(phone:pending()):equals(0)
    sim.expect(scene.on(phone)):has { text = "phone's" }
    sim.expect(scene.on_server(world)):has { text = "tablet's" }
    -- The next row that changes moves the token past the tablet's edit.
    phone:table("todoitem"):insert { id = "bread", text = "bread", complete = false }
    phone:push()
    phone:purge { table = "todoitem", query_id = "elsewhere", where = { id = "nothing" } }
    world:settle()
  end,
}
