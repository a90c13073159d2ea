local sim = require "syncsim"

return sim.world {
  name = "three devices share a list and go on and off line",
  tables = { todoitem = { text = "string", complete = "boolean", priority = "integer" } },
  run = function(world)
    world:users {
      clients = 3, per_user = 20, within = "30 min", rows = 6,
      mix = { insert = 25, update = 50, delete = 10, sync = 15 },
      client = { policy = "latest_wins", latency = "30 ms", latency_spread = "400 ms" },
      outages = { every = "8 min", lasting = "3 min" },
    }
    world:settle()
  end,
}
