local sim = require "syncsim"

return sim.story {
  name = "an id can be inserted once, and an update of an unknown id creates the row",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    local todo = phone:table "todoitem"
    todo:insert { id = "a", text = "first" }
    sim.fails("state", todo:insert { id = "a", text = "while the first one is queued" })
    phone:push()
    sim.fails("exists", todo:insert { id = "a", text = "afterwards" })
    sim.expect(todo:lookup "a"):has { text = "first" }

    todo:update { id = "ghost", text = "nobody inserted me" }
    sim.expect(todo:lookup "ghost"):has { text = "nobody inserted me" }
    local _, _, _, result = phone:push()
    sim.expect(result.errors):has_length(1)
    sim.expect(result.errors[1]):has { id = "ghost", status = 404 }
  end,
}
