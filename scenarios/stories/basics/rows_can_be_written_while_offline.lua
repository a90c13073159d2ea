local sim = require "syncsim"

return sim.story {
  name = "rows can be inserted, changed, deleted and read while offline",
  tables = { todoitem = { text = "string", complete = "boolean" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    local todo = phone:table "todoitem"
    phone:offline()

    local milk = todo:insert { text = "milk" }
    local bread = todo:insert { id = "bread", text = "bread", complete = false }
    todo:update { id = "bread", complete = true }
    todo:delete(milk)

    sim.expect(todo:lookup(milk.id)):is_nil()
    sim.expect(todo:lookup "bread"):has { text = "bread", complete = true }
    sim.expect(todo:count()):equals(1)
    sim.expect(phone:queue()):why("insert and delete of the milk have cancelled each other"):has_length(1)
    sim.expect(bread.id):equals "bread"
  end,
}
