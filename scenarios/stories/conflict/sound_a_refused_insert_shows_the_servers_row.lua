local sim = require "syncsim"

-- The twin of node_a_refused_insert_shows_the_clients_own_row.lua.
return sim.story {
  name = "sound: a refused insert is answered with the server's row, and server wins takes it",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", policy = "server_wins" }
    world.server:table("todoitem"):insert { id = "a", text = "theirs" }
    phone:table("todoitem"):insert { id = "a", text = "mine" }
    sim.expect(phone:push()):has { status = "Complete", completed = 1, errors = {} }
    sim.expect(phone:table("todoitem"):lookup "a"):equals(world.server:table("todoitem"):lookup "a")
  end,
}
