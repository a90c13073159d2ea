local sim = require "syncsim"

return sim.story {
  name = "ios: a delete of a row that is gone fails, and the operation stays",
  tables = { todoitem = { text = "string" } },
  dialects = { "mobile-apps-ios" },
  run = function(world)
    local phone = world:client { name = "phone" }
    world.server:table("todoitem"):insert { id = "milk", text = "milk" }
    phone:pull "todoitem"
    world.server:table("todoitem"):delete "milk"
    phone:table("todoitem"):delete "milk"
    local result, message, code, failed = phone:push()
    sim.fails("push_failed", result, message, code)
    sim.expect(failed.errors[1]):has { kind = "delete", status = 404 }
    sim.expect(phone:queue()[1]):has { state = "failed" }
  end,
}
