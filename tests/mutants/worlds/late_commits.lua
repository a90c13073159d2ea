local sim = require "syncsim"

-- Many write at once, some commits take long, and pages are short: what is committed late lies below what others have read already.
return sim.world {
  name = "everybody writes within a minute and commits are slow",
  tables = { note = { title = "string", n = "integer" } },
  server = { page_size = 2, workers = 8, service = "10 ms", commit = "10 ms", commit_spread = "5 s" },
  run = function(world)
    world:users {
      clients = 2, per_user = 24, within = "1 min", rows = 12, mix = { insert = 30, update = 40, sync = 30 },
      client = { policy = "client_wins", latency = "10 ms", latency_spread = "50 ms" },
    }
    world:settle()
  end,
}
