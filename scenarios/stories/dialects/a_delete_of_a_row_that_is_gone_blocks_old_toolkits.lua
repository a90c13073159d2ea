local sim = require "syncsim"

-- Two devices delete the same row; the second one hears 410 (or 404).
return sim.story {
  name = "toolkit before 9.0.5: a delete of a row that is gone fails, and blocks every pull",
  tables = { todoitem = { text = "string" } },
  dialects = { "toolkit-9.0.0", "toolkit-9.0.4" },
  run = function(world)
    local phone = world:client { name = "phone" }
    world.server:table("todoitem"):insert { id = "milk", text = "milk" }
    phone:pull "todoitem"
    world.server:table("todoitem"):delete "milk"
    phone:table("todoitem"):delete "milk"
    local result = phone:push()
    sim.expect(result.errors):has_length(1)
    sim.expect(result.errors[1]):has { kind = "delete", status = 410 }
    sim.expect(phone:queue()[1]):has { state = "failed" }
    sim.fails("state", phone:pull "todoitem")
  end,
}
