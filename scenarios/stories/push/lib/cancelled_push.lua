local sim = require "syncsim"

-- Two operations; the push is cancelled while the first one is on its way. When is the caller told, and what is so then?
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect, latency = "1 s" }
      phone:table("todoitem"):insert { id = "a", text = "on its way" }
      phone:table("todoitem"):insert { id = "b", text = "next" }
      local push = world:spawn(function() return phone:push() end)
      local begun = world:now_ns()
      world:sleep "500 ms"
      sim.expect(push:cancel()):is_true()
      sim.fails("cancelled", push:join())
      sim.expect((world:now_ns() - begun) // 1000000):why "ms until the caller was told":equals(case.told_after_ms)
      sim.expect(phone:pending()):why "at that moment":equals(case.pending_then)

      world:sleep "10 s"
      sim.expect(push:cancel()):why "there is nothing left":is_false()
      sim.expect(phone:pending()):why "what was on its way has arrived, the rest was not sent":equals(1)
      sim.expect(world.server:requests()):has_length(1)
      sim.expect(phone:push().completed):equals(1)
    end,
  }
end
