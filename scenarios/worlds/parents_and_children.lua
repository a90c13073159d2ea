local sim = require "syncsim"

return sim.world {
  name = "orders and their lines, written in order by devices that are mostly offline, on a slow server",
  tables = { orders = { customer = "string", state = "string" }, line = { order_id = "string", quantity = "integer" } },
  server = { workers = 2, service = "200 ms", commit = "20 ms", commit_spread = "150 ms" },
  run = function(world)
    world:users {
      clients = 4, per_user = 15, within = "1 h", rows = 8,
      mix = { insert = 35, update = 35, delete = 10, sync = 20 },
      client = { policy = "server_wins", auto_sync = true, latency = "80 ms", latency_spread = "900 ms" },
      outages = { every = "10 min", lasting = "7 min" },
    }
    world:settle()
  end,
}
