local sim = require "syncsim"

-- A line names its order, which is made first: what is resolved for the one must fit the other.
return sim.world {
  name = "orders and their lines",
  tables = { orders = { customer = "string", state = "string" }, line = { order_id = "string", article = "string", quantity = "integer" } },
  run = function(world)
    world:users {
      clients = 4, per_user = 20, within = "1 h", rows = 10, zipf = 0.6, own = 300,
      kinds = { orders = "independent", line = "parent-child" }, fields = { line = { order_id = 0, article = 2, quantity = 8 } },
      mix = { insert = 25, update = 45, delete = 6, sync = 24 },
      client = { policy = "latest_wins" },
    }
    world:settle()
  end,
}
