local sim = require "syncsim"

-- The answer to an insert is lost and the row removed; an edit of it waits behind. That the insert was done and is gone says nothing of the
-- edit: it must not bring the row back unless its policy says so.
return sim.story {
  name = "sound: an edit behind an insert that was done and is gone does not bring the row back unasked",
  tables = { note = { columns = { text = "string" }, soft_delete = false } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", policy = "server_wins", timeout = "1 s" }
    local note, office = phone:table "note", world.server:table "note"
    for _, what in ipairs { "removed", "made again" } do
      local id = what == "removed" and "a" or "b"
      note:insert { id = id, text = "first" }
      world:link(phone):drop_next { what = "response" }
      phone:push()
      note:update { id = id, text = "second" }
      office:delete(id)
      if what == "made again" then office:insert { id = id, text = "the office's" } end
      phone:push()
      phone:push()
      sim.expect(phone:pending()):why(what):equals(0)
      if what == "removed" then
        sim.expect(office:lookup(id)):is_nil()
      else
        sim.expect(office:lookup(id)):has { text = "the office's" }
      end
    end
    world:settle()
  end,
}
