local sim = require "syncsim"

-- The app writes a time with microseconds; another device reads it.
return function(case)
  return sim.story {
    name = case.name,
    tables = { meeting = { starts = "datetime" } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      local starts = sim.time "2026-05-01T10:00:00.000600Z"
      phone:table("meeting"):insert { id = "m", starts = starts }
      local kept = phone:table("meeting"):lookup("m").starts
      sim.expect(kept):equals(sim.time(case.kept))
      sim.expect(kept > starts):why("later than what the app wrote"):equals(case.later)
      phone:push()
      sim.expect(phone:table("meeting"):lookup("m").starts):why("after the push"):equals(sim.time(case.pushed))
    end,
  }
end
