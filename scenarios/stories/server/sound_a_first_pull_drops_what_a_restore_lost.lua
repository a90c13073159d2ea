local sim = require "syncsim"

-- The phone has pushed and never pulled, so it knows no epoch of the server; then the server is restored from before that push.
return sim.story {
  name = "sound: a first pull drops a row that was pushed and that a restored server does not have any more",
  tables = { note = { text = "string" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound" }
    local backup = world.server:backup()
    phone:table("note"):insert { id = "lost", text = "pushed" }
    phone:push()
    world.server:restore(backup)
    phone:pull { table = "note", query_id = "all" }
    sim.expect(phone:table("note"):count()):equals(0)
    world:settle()
  end,
}
