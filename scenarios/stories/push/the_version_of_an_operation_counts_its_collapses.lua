local sim = require "syncsim"

return sim.story {
  name = "the version of an operation counts its collapses: from 1 in mobile-apps, from 0 in toolkit",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    for dialect, first in pairs { ["mobile-apps"] = 1, toolkit = 0 } do
      local phone = world:client { name = dialect, dialect = dialect }
      phone:table("todoitem"):insert { id = "a", text = "one" }
      sim.expect(phone:queue()[1].version):why(dialect):equals(first)
      phone:table("todoitem"):update { id = "a", text = "two" }
      sim.expect(phone:queue()[1].version):why(dialect):equals(first + 1)
    end
  end,
}
