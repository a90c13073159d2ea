local sim = require "syncsim"

-- One hot list, turned over and back by everyone at once; a tap too many is taken back.
return sim.world {
  name = "a family ticks off one shopping list, with taps that are taken back",
  tables = { item = { text = "string", done = "boolean" } },
  run = function(world)
    world:users {
      clients = 4, per_user = 15, within = "20 min", rows = 8, zipf = 0.99, undo = 200, burst = 100,
      kinds = { item = "check-list" }, fields = { item = { text = 1, done = 9 } },
      mix = { insert = 15, update = 60, delete = 5, sync = 20 },
      client = { policy = "latest_wins", latency = "30 ms", latency_spread = "300 ms", weather = { net_request_lost = 20, net_response_lost = 20 } },
    }
    world:settle()
  end,
}
