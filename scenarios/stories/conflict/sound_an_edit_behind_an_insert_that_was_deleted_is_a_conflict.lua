local sim = require "syncsim"

-- The answer to an insert is lost, the row is deleted, and an edit of it waits behind. The retry is answered with the tombstone; before the
-- edit is sent the tombstone is cleaned up. It must not come as an insert, which nobody would be asked about.
return sim.story {
  name = "sound: an edit behind an insert that was done and deleted since does not bring the row back unasked",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", policy = "server_wins", timeout = "1 s", latency = "100 ms" }
    local todo, office = phone:table "todoitem", world.server:table "todoitem"
    todo:insert { id = "a", text = "first" }
    world:link(phone):drop_next { what = "response" }
    phone:push()
    todo:update { id = "a", text = "second" }
    office:delete "a"
    local pushing = world:spawn(function() phone:push() end)
    world:sleep "150 ms"
    world.server:clean_tombstones()
    pushing:join()
    phone:push()
    sim.expect(phone:pending()):equals(0)
    sim.expect(office:lookup "a"):is_nil()
    world:settle()
    sim.expect(todo:lookup "a"):is_nil()
  end,
}
