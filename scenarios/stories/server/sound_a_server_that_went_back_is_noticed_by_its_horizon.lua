local sim = require "syncsim"

-- The copy that took over is an hour old and says nothing of it; but it vouches for less than the phone's token. It is noticed as long as
-- nobody wrote so much to it that it passed the token again (sim/host/README.md).
return sim.story {
  name = "sound: after a fail-over to a stale copy the first pull notices it, and drops what the copy does not have",
  tables = { note = { text = "string" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound" }
    local side = world.server:table("note")
    for i = 1, 300 do side:insert { id = "row" .. i, text = "old" } end
    phone:pull { table = "note", query_id = "all" }
    local copy = world.server:backup()
    for i = 1, 300 do side:insert { id = "later" .. i, text = "lost" } end
    phone:pull { table = "note", query_id = "all" }
    sim.expect(phone:table("note"):count()):equals(600)

    world.server:fail_over(copy)
    phone:pull { table = "note", query_id = "all" }
    sim.expect(phone:table("note"):count()):equals(300)
    side:insert { id = "new", text = "after" }
    phone:pull { table = "note", query_id = "all" }
    sim.expect(phone:table("note"):count()):equals(301)
    world:settle()
  end,
}
