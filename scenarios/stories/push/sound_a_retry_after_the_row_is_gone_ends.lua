local sim = require "syncsim"

-- The server knows the retried operation, but the row is there no more: somebody deleted it meanwhile. To say "no content" left the
-- operation in the queue for ever.
return sim.story {
  name = "sound: an operation whose answer was lost ends when its row was removed before the retry",
  tables = { note = { columns = { text = "string" }, soft_delete = false } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", policy = "server_wins", timeout = "1 s" }
    local note = phone:table("note")
    world.server:table("note"):insert { id = "old", text = "a" }
    phone:pull { table = "note", query_id = "all" }

    note:update { id = "old", text = "b" }
    world:link(phone):drop_next { what = "response" }
    phone:push()
    world.server:table("note"):delete "old"
    phone:push()
    sim.expect(phone:pending()):why("the update"):equals(0)

    note:insert { id = "new", text = "c" }
    world:link(phone):drop_next { what = "response" }
    phone:push()
    world.server:table("note"):delete "new"
    phone:push()
    sim.expect(phone:pending()):why("the insert"):equals(0)
  end,
}
