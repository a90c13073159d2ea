local sim = require "syncsim"

-- The server knows the retried operation and has the row no more. Client wins sends it as an insert: under the key of the operation the
-- server went on answering that this was done.
return sim.story {
  name = "sound: client wins brings back a row that was removed after its own push, whose answer was lost",
  tables = { note = { columns = { text = "string" }, soft_delete = false } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", policy = "client_wins", timeout = "1 s" }
    local note, office = phone:table "note", world.server:table "note"
    office:insert { id = "old", text = "a" }
    phone:pull { table = "note", query_id = "all" }

    local function push_and_lose(id)
      world:link(phone):drop_next { what = "response" }
      phone:push()
      office:delete(id)
      sim.expect(phone:push()):has { status = "Complete", completed = 1 }
      sim.expect(office:lookup(id)):has { text = "b" }
    end
    note:update { id = "old", text = "b" }
    push_and_lose "old"
    note:insert { id = "new", text = "b" }
    push_and_lose "new"
  end,
}
