local sim = require "syncsim"

return sim.story {
  name = "local changes stay local until a push or a pull",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:table("todoitem"):insert { id = "a", text = "one" }
    phone:table("todoitem"):update { id = "a", text = "two" }
    world:sleep "1 h"

    sim.expect(world.server:requests()):has_length(0)
    sim.expect(world.server:table("todoitem"):count()):equals(0)

    phone:push()
    sim.expect(world.server:requests()):has_length(1)
    sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "two" }
  end,
}
