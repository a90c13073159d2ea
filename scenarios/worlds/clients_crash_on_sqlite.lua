local sim = require "syncsim"

return sim.world {
  name = "devices with SQLite stores crash between their writes, and answers get lost",
  tables = { note = { title = "string", body = "string" } },
  run = function(world)
    world:users {
      clients = 3, per_user = 12, within = "20 min", rows = 5,
      mix = { insert = 30, update = 45, delete = 10, sync = 15 },
      client = {
        store = "sqlite", policy = "client_wins", latency = "20 ms", latency_spread = "200 ms",
        weather = { net_request_lost = 60, net_response_lost = 60 },
      },
      crashes = 2,
    }
    world:settle()
  end,
}
