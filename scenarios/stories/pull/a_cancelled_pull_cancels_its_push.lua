local sim = require "syncsim"

return sim.story {
  name = "a pull that is cancelled while its implicit push runs stops that push, too",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", latency = "1 s" }
    phone:table("todoitem"):insert { id = "a", text = "on its way" }
    phone:table("todoitem"):insert { id = "b", text = "next" }
    local pull = world:spawn(function() return phone:pull "todoitem" end)
    world:sleep "500 ms"
    pull:cancel()
    sim.fails("cancelled", pull:join())
    world:sleep "10 s"
    sim.expect(world.server:requests()):has_length(1)
    sim.expect(phone:queue()[1]):has { id = "b", state = "pending" }
  end,
}
