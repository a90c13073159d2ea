local sim = require "syncsim"

return sim.story {
  name = "toolkit: a pull never pushes; a table with pending operations refuses to be pulled",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "toolkit" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "toolkit" }
    phone:table("todoitem"):insert { id = "a", text = "pending" }
    sim.fails("state", phone:pull "todoitem")
    sim.expect(world.server:requests()):has_length(0)
    phone:push()
    sim.expect(phone:pull "todoitem"):at_least(1)
  end,
}
