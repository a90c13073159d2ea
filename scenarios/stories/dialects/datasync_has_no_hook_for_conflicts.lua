local sim = require "syncsim"

-- The same with the app's own hand: the error is dealt with after the push.
return sim.story {
  name = "datasync, and app service helpers as coded: no policy is asked in a push; the app resolves the error afterwards",
  tables = { todoitem = { text = "string" } },
  dialects = { "datasync", "app-service-helpers" },
  run = function(world)
    local phone = world:client { name = "phone", policy = "client_wins" }
    world.server:table("todoitem"):insert { id = "milk", text = "milk" }
    phone:pull "todoitem"
    world.server:table("todoitem"):update { id = "milk", text = "soy milk" }
    phone:table("todoitem"):update { id = "milk", text = "oat milk" }
    local result, message, code, failed = phone:push()
    sim.fails("push_failed", result, message, code)
    sim.expect(failed.errors[1]):has { status = 412 }
    failed.errors[1]:update_operation { id = "milk", text = "oat milk", version = failed.errors[1].server.version }
    sim.expect(phone:push().errors):has_length(0)
    sim.expect(world.server:table("todoitem"):lookup "milk"):has { text = "oat milk" }
  end,
}
