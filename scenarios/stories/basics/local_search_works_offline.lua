local sim = require "syncsim"

return sim.story {
  name = "what was pulled can be searched offline",
  tables = { todoitem = { text = "string", complete = "boolean", priority = "integer" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    for i, text in ipairs { "oat milk", "bread", "milk", "Milk chocolate" } do
      world.server:table("todoitem"):insert { id = "r" .. i, text = text, complete = i == 2, priority = i }
    end
    phone:pull "todoitem"
    phone:offline()

    local todo = phone:table "todoitem"
    local found = todo:read { where = { text = { contains = "milk" }, complete = false }, order = "priority desc" }
    sim.expect(found):why("the case of letters does not matter to this store"):has_length(3)
    sim.expect(found[1]):has { id = "r4" }
    sim.expect(found[2]):has { id = "r3" }
    sim.expect(found[3]):has { id = "r1" }
    sim.expect(todo:read { where = { priority = { ge = 2 } }, order = "priority", skip = 1, top = 1, select = { "text" } }[1])
      :has { text = "milk" }
    sim.expect(todo:count { where = { any = { { complete = true }, { priority = 4 } } } }):equals(2)
  end,
}
