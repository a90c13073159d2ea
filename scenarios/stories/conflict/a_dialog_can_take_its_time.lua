local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "a handler that asks the user holds the push, and the item, for ten minutes",
  tables = scene.tables,
  run = function(world)
    local phone = scene.meet(world, {
      policy = function()
        world:sleep "10 min"
        return "client"
      end,
    })
    local started = world:now_ns()
    local push = world:spawn(function() return phone:push() end)
    world:sleep "1 min"
    phone:table("todoitem"):insert { id = "bread", text = "other items can be edited", complete = false }
    sim.expect(world:now_ns() - started):at_most(61 * 1000000000)
    sim.expect(push:join().status):equals "Complete"
    sim.expect(world:now_ns() - started):at_least(600 * 1000000000)
    sim.expect(scene.on_server(world)):has { text = "phone's" }
  end,
}
