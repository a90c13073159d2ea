local sim = require "syncsim"

return sim.story {
  name = "the surprise of an implicit push: a pull of a dirty table pushes every table, unless told not to",
  tables = { todoitem = { text = "string" }, draft = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:table("todoitem"):insert { id = "a", text = "meant to be sent" }
    phone:table("draft"):insert { id = "d", text = "not yet meant to be sent" }
    phone:pull { table = "todoitem", push_other_tables = false }
    sim.expect { phone:pending "todoitem", phone:pending "draft" }:equals { 0, 1 }

    phone:table("todoitem"):update { id = "a", text = "again" }
    phone:pull "todoitem"
    sim.expect(phone:pending "draft"):why("the default takes all tables"):equals(0)
    sim.expect(world.server:table("draft"):count()):equals(1)
  end,
}
