local sim = require "syncsim"

-- Most of the work is done without a connection, many fields at a time, mostly on one's own forms.
return sim.world {
  name = "inspectors fill in forms without a connection and bring them home",
  tables = { form = { site = "string", passed = "boolean", score = "integer", seen = "datetime", photo = "bytes" } },
  server = { page_size = 4 },
  run = function(world)
    world:users {
      clients = 3, within = "8 h", rows = 12, own = 700, kinds = { form = "form" },
      sessions = { per_day = 20, hour = 8, length = "10 min", edits = 5, offline = 500 },
      mix = { insert = 25, update = 55, delete = 5, sync = 15 },
      client = { policy = "server_wins", auto_sync = true, latency = "80 ms", latency_spread = "700 ms", weather = { net_request_lost = 20, net_response_lost = 20 } },
    }
    world:settle()
  end,
}
