local sim = require "syncsim"

return sim.story {
  name = "a delete that finds no row on the server counts as done",
  tables = { todoitem = { columns = { text = "string" }, soft_delete = false } },
  run = function(world)
    local phone = world:client { name = "phone" }
    world.server:table("todoitem"):insert { id = "a", text = "twice deleted" }
    phone:pull "todoitem"
    world.server:table("todoitem"):delete "a"
    phone:table("todoitem"):delete "a"
    sim.expect(phone:push()):has { status = "Complete", completed = 1 }
    sim.expect(phone:pending()):equals(0)
  end,
}
