local sim = require "syncsim"

-- One person, a phone and a laptop: hardly ever at the same time, nearly always on the same rows, day and night.
return sim.world {
  name = "notes of one person grow on a phone and a laptop over a day",
  tables = { note = { title = "string", body = "string" } },
  server = { notify = true },
  run = function(world)
    local options = { policy = "client_wins", pull_on_notice = true, latency = "40 ms", latency_spread = "400 ms", weather = { net_request_lost = 20, net_response_lost = 20 } }
    options.name, options.store = "phone", "sqlite"
    local phone = world:client(options)
    options.name, options.store = "laptop", "memory"
    local laptop = world:client(options)
    world:users {
      clients = { phone, laptop }, within = "1 d", rows = 6, kinds = { note = "notes" }, fields = { note = { title = 1, body = 8 } },
      sessions = { per_day = 12, hour = 7, length = "3 min", edits = 3, offline = 200 },
      mix = { insert = 15, update = 60, delete = 5, sync = 20 }, undo = 50,
    }
    world:settle()
  end,
}
