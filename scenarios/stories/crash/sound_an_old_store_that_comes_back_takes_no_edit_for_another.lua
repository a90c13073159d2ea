local sim = require "syncsim"

-- The store of last week comes back to the phone, whose identity goes on: it numbers its edits from there again.
return sim.story {
  name = "sound: an edit after the restore of an old store is not taken for one that had the same number before",
  tables = { note = { text = "string" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", policy = "client_wins" }
    phone:table("note"):insert { id = "a", text = "one" }
    phone:push()
    local old = phone:backup()
    phone:restart()
    phone:table("note"):update { id = "a", text = "lost with the store, but pushed" }
    phone:push()
    phone:restore(old)
    world:sleep "1 min"
    phone:table("note"):update { id = "a", text = "after the restore" }
    local _, _, _, result = phone:push()
    sim.expect(result.errors[1]):has { status = 422 }
    world:settle()
    sim.expect(world.server:table("note"):lookup "a"):has { text = "after the restore" }
    sim.expect(phone:table("note"):lookup "a"):has { text = "after the restore" }
  end,
}
