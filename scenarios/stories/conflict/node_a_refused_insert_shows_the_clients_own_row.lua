local sim = require "syncsim"

-- Server wins takes the row out of the answer. The Node server's 409 has the client's own.
return sim.story {
  name = "node: a refused insert is answered with the client's own row, and server wins takes that for the server's",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "node" },
  run = function(world)
    local phone = world:client { name = "phone", policy = "server_wins" }
    world.server:table("todoitem"):insert { id = "a", text = "theirs" }
    phone:table("todoitem"):insert { id = "a", text = "mine" }
    sim.expect(phone:push()):has { status = "Complete", completed = 1, errors = {} }
    sim.expect(phone:pending()):equals(0)
    local row = phone:table("todoitem"):lookup "a"
    sim.expect(row):why("nothing is queued, and this is what the app shows"):has { text = "mine" }
    sim.expect(row.version):why("so the next edit is not even conditional"):is_nil()
    phone:table("todoitem"):update { id = "a", text = "mine again" }
    phone:push()
    sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "mine again" }
  end,
}
