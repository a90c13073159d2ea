local sim = require "syncsim"

return sim.story {
  name = "mobile-apps-js: a conflict that is handled, and comes again each time, is handled five times, then it stands",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local asked = 0
    local phone = world:client {
      name = "phone", dialect = "mobile-apps-js",
      policy = function(conflict)
        asked = asked + 1
        return { id = conflict.id, text = "stubborn", version = "MQ==" }
      end,
    }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    phone:pull "todoitem"
    phone:table("todoitem"):update { id = "a", text = "phone's" }
    world.server:table("todoitem"):update { id = "a", text = "office's" }
    local result = phone:push()
    sim.expect(result.errors[1]):has { id = "a", status = 412 }
    sim.expect(asked):equals(5)
  end,
}
