-- The server is restored from last night's backup. Since then the phone pushed "kept" and pulled everything.
local sim = require "syncsim"

return function(options)
  return sim.story {
    name = options.name,
    tables = { note = { text = "string" } },
    server = { dialect = options.server },
    finds = options.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = options.dialect, store = "sqlite" }
      local side = world.server:table("note")
      side:insert { id = "a", text = "yesterday" }
      phone:pull { table = "note", query_id = "all" }
      local backup = world.server:backup()
      world:sleep "1 h"
      phone:table("note"):insert { id = "lost", text = "written today" }
      phone:push()
      side:update { id = "a", text = "today" }
      phone:pull { table = "note", query_id = "all" }
      sim.expect(phone:table("note"):lookup "a"):has { text = "today" }

      world.server:restore(backup)
      sim.expect(side:count()):equals(1)
      world:settle()
      local row = phone:table("note"):lookup "lost"
      sim.expect(row ~= nil):equals(options.keeps_lost)
      sim.expect(phone:table("note"):lookup "a"):has { text = options.keeps_lost and "today" or "yesterday" }
    end,
  }
end
