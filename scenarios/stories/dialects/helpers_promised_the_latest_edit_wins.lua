local sim = require "syncsim"

return sim.story {
  name = "app service helpers, as promised: without a word the latest edit wins, and a connection that comes back synchronises",
  tables = { todoitem = { text = "string" } },
  dialects = { "app-service-helpers-promised" },
  run = function(world)
    local phone = world:client { name = "phone" }
    local tablet = world:client { name = "tablet" }
    phone:table("todoitem"):insert { id = "milk", text = "milk" }
    tablet:pull "todoitem"
    phone:offline()
    phone:table("todoitem"):update { id = "milk", text = "the phone's, first" }
    world:sleep "1 min"
    tablet:table("todoitem"):update { id = "milk", text = "the tablet's, later" }
    phone:online()
    world:sleep "1 min"
    sim.expect(phone:pending()):equals(0)
    sim.expect(world.server:table("todoitem"):lookup "milk"):has { text = "the tablet's, later" }
    sim.expect(phone:table("todoitem"):lookup "milk"):has { text = "the tablet's, later" }
  end,
}
