local sim = require "syncsim"

-- The number of an edit tells a client its own write on the server; it must not be used again, restarts or not.
return sim.story {
  name = "sound: a row that is inserted anew under its old id, after a purge and a restart, is not taken for the first one",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", policy = "client_wins" }
    phone:table("todoitem"):insert { id = "a", text = "first" }
    phone:push()
    phone:purge "todoitem"
    phone:restart()
    phone:table("todoitem"):insert { id = "a", text = "second" }
    sim.expect(phone:push()):has { status = "Complete", completed = 1 }
    sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "second" }
    sim.expect(phone:table("todoitem"):lookup "a"):has { text = "second" }
  end,
}
