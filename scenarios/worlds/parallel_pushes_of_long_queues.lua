local sim = require "syncsim"

-- Long queues after long outages, several operations of a push at once where the dialect has that.
return sim.world {
  name = "long queues are pushed after long outages",
  tables = { reading = { meter = "string", value = "number" }, fault = { text = "string", open = "boolean" } },
  server = { workers = 8, service = "20 ms", commit = "5 ms", commit_spread = "40 ms" },
  run = function(world)
    world:users {
      clients = 2, per_user = 40, within = "1 h", rows = 20, own = 400,
      mix = { insert = 40, update = 45, delete = 10, sync = 5 },
      client = { policy = "client_wins", auto_sync = true, latency = "60 ms", latency_spread = "600 ms", weather = { net_request_lost = 20, net_response_lost = 20 } },
      outages = { every = "20 min", lasting = "15 min" },
    }
    world:settle()
  end,
}
