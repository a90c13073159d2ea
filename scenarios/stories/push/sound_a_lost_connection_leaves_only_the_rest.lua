local sim = require "syncsim"

-- The twin of toolkit_a_lost_connection_queues_what_was_answered_again.lua.
return sim.story {
  name = "sound: when the connection breaks during a push, what was answered is done, and only the rest is pushed again",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", latency = "1 s" }
    phone:table("todoitem"):insert { id = "a", text = "first" }
    phone:table("todoitem"):insert { id = "b", text = "second" }
    local push = world:spawn(function() return phone:push() end)
    world:sleep "1500 ms"
    world:link(phone):drop_next { what = "request" }
    local _, _, code, result = push:join()
    sim.expect(code):equals "push_failed"
    sim.expect(result.status):equals "CancelledByNetworkError"
    sim.expect(phone:queue()):has_length(1)
    local before = #world.server:requests()
    sim.expect(phone:push().completed):equals(1)
    sim.expect(world.server:requests()[before + 1]):has { method = "insert", id = "b", status = 201 }
    sim.expect(world.server:requests()):has_length(before + 1)
  end,
}
