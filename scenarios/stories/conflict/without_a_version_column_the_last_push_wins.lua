local sim = require "syncsim"

return sim.story {
  name = "without a version column nothing is detected: the last push wins, silently",
  tables = { todoitem = { columns = { text = "string" }, version = false } },
  run = function(world)
    local phone = world:client { name = "phone" }
    local tablet = world:client { name = "tablet" }
    world.server:table("todoitem"):insert { id = "milk", text = "milk" }
    phone:pull "todoitem"
    tablet:pull "todoitem"
    phone:table("todoitem"):update { id = "milk", text = "phone's" }
    tablet:table("todoitem"):update { id = "milk", text = "tablet's" }
    tablet:push()
    sim.expect(phone:push().status):equals "Complete"
    sim.expect(world.server:table("todoitem"):lookup "milk"):has { text = "phone's" }
  end,
}
