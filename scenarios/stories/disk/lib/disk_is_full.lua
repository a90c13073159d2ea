local sim = require "syncsim"

-- No room for the first write of an edit, then for the tenth change of the disk, which is within what is written for its queue entry in
-- mobile-apps.
return function(case)
  return sim.story {
    name = case.name,
    tables = { note = { text = "string" } },
    server = { dialect = case.dialect == "sound" and "sound" or "netfx" },
    finds = case.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect, store = "sqlite" }
      local notes = phone:table "note"
      phone:fail_at { change = 1, fault = "full" }
      sim.fails("store", notes:insert { id = "a", text = "no room" })
      sim.expect(notes:count()):equals(0)
      phone:fail_at { change = case.change, fault = "full" }
      sim.fails("store", notes:insert { id = "a", text = "no room" })
      sim.expect(notes:count()):why("rows without a queue entry"):equals(case.left)
      sim.expect(phone:pending()):equals(0)
      phone:fail_at { lock = 1 }
      sim.fails("store", notes:insert { id = "b", text = "another process has the store" })
      sim.expect(notes:insert { id = "c", text = "there is room again" }):has { id = "c" }
      phone:pull { table = "note", query_id = "all" }
      world:settle()
      sim.expect(world.server:table("note"):count()):equals(1)
    end,
  }
end
