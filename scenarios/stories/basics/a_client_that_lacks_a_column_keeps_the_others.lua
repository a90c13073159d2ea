local sim = require "syncsim"

return sim.story {
  name = "a client whose schema lacks a column that the server has syncs the columns that it knows",
  tables = { todoitem = { text = "string" } },
  server = { tables = { todoitem = { text = "string", colour = "string" } } },
  run = function(world)
    local phone = world:client { name = "phone" }
    world.server:table("todoitem"):insert { id = "a", text = "paint", colour = "green" }
    phone:pull "todoitem"
    sim.expect(phone:table("todoitem"):lookup("a").colour):is_nil()

    phone:table("todoitem"):update { id = "a", text = "paint it" }
    phone:push()
    sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "paint it", colour = "green" }
  end,
}
