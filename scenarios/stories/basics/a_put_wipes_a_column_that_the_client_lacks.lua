local sim = require "syncsim"

-- protocol: the toolkit replaces whole rows (PUT); what its class does not have becomes the default on the server.
return sim.story {
  name = "a toolkit client whose class lacks a column wipes it on the server",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "toolkit", tables = { todoitem = { text = "string", colour = "string" } } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "toolkit" }
    world.server:table("todoitem"):insert { id = "a", text = "paint", colour = "green" }
    phone:pull "todoitem"
    phone:table("todoitem"):update { id = "a", text = "paint it" }
    phone:push()
    local row = world.server:table("todoitem"):lookup "a"
    sim.expect(row):has { text = "paint it" }
    sim.expect(row.colour):is_nil()
  end,
}
