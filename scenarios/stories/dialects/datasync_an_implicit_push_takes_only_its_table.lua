local sim = require "syncsim"

return sim.story {
  name = "datasync: a pull pushes the operations of its own table first, and of no other",
  tables = { todoitem = { text = "string" }, note = { text = "string" } },
  dialects = { "datasync" },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:table("todoitem"):insert { id = "a", text = "x" }
    phone:table("note"):insert { id = "b", text = "y" }
    phone:pull "todoitem"
    sim.expect(phone:pending "todoitem"):equals(0)
    sim.expect(phone:pending "note"):equals(1)
    phone:table("todoitem"):insert { id = "c", text = "z" }
    phone:pull { table = "todoitem", push_other_tables = true }
    sim.expect(phone:pending()):equals(0)
  end,
}
