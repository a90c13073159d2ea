local sim = require "syncsim"

-- What is written depends on what was seen: counts go up and down, in bursts, on a few popular articles.
return sim.world {
  name = "stock counts go up and down on scanners, from what each of them sees",
  tables = { article = { count = "integer", price = "number", shelf = "string" } },
  run = function(world)
    world:users {
      clients = 3, per_user = 16, within = "15 min", rows = 10, zipf = 1.2, burst = 300,
      kinds = { article = "counter" },
      mix = { insert = 10, update = 70, delete = 2, sync = 18 },
      client = { policy = "client_wins", store = "sqlite", latency = "15 ms", latency_spread = "100 ms", weather = { net_request_lost = 20, net_response_lost = 20 } },
    }
    world:settle()
  end,
}
