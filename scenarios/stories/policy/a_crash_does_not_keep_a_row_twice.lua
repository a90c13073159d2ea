local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "a process that dies while a row is being kept keeps it once, whichever write it dies at",
  dialects = { "sound" },
  tables = scene.tables,
  run = function(world)
    for write = 1, 6 do
      local id = "row" .. write
      local phone = world:client { name = "phone" .. write, dialect = "sound", policy = "keep_both", store = "sqlite" }
      world.server:table("note"):insert { id = id, title = "first" }
      phone:pull { table = "note", query_id = "all" }
      world.server:table("note"):update { id = id, title = "theirs" }
      phone:table("note"):update { id = id, title = "mine" }
      phone:crash_at { write = write }
      phone:push()
      if not phone:up() then phone:restart() end
      sim.expect(phone:push().status):equals "Complete"
      sim.expect(world.server:table("note"):lookup(id)):has { title = "theirs" }
      sim.expect(world.server:table("note"):read { where = { conflict_of = id } }):has_length(1)
    end
  end,
}
