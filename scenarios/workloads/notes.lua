local sim = require "syncsim"

-- Mostly one's own notes, a shared notebook beside them; texts that get longer; visits through the day, some without a connection.
return sim.world {
  name = "notes of four people who share a notebook",
  tables = { note = { title = "string", body = "string", pinned = "boolean" } },
  run = function(world)
    world:users {
      clients = 4, within = "6 h", rows = 24, zipf = 0.99, own = 500, undo = 50,
      kinds = { note = "notes" }, fields = { note = { title = 1, body = 7, pinned = 2 } },
      sessions = { per_day = 24, hour = 9, length = "90 s", edits = 4, offline = 250 },
      mix = { insert = 12, update = 64, delete = 4, sync = 20 },
      client = { policy = "latest_wins", auto_sync = true },
    }
    world:settle()
  end,
}
