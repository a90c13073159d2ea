local sim = require "syncsim"

-- The answer to the first update is not stored while the second one waits, so that one is sent with the version of before.
return sim.story {
  name = "ios: an edit of a row in flight does not wait, and conflicts with the write before it",
  tables = { todoitem = { text = "string" } },
  dialects = { "mobile-apps-ios" },
  run = function(world)
    local phone = world:client { name = "phone", latency = "1 s" }
    world.server:table("todoitem"):insert { id = "milk", text = "milk" }
    phone:pull "todoitem"
    phone:table("todoitem"):update { id = "milk", text = "oat milk" }
    local push = world:spawn(function() return phone:push() end)
    world:sleep "500 ms"
    phone:table("todoitem"):update { id = "milk", text = "soy milk" }
    sim.expect(phone:pending()):why("behind the one that is sent"):equals(2)
    local result, message, code, failed = push:join()
    sim.fails("push_failed", result, message, code)
    sim.expect(failed.errors[1]):has { status = 412 }
    sim.expect(failed.errors[1].server):has { text = "oat milk" }
  end,
}
