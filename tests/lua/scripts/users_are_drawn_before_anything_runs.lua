local sim = require "syncsim"
return sim.world {
  name = "a small world",
  tables = { todoitem = { text = "string", qty = "integer", done = "boolean", at = "datetime", price = "number", blob = "bytes" } },
  run = function(world)
    world:users { clients = 2, per_user = 10, within = "1 min", rows = 4, mix = { insert = 30, update = 50, delete = 10, sync = 10 },
      client = { policy = "client_wins" }, outages = { every = "30 s", lasting = "5 s" }, crashes = 1 }
    print(world:counts().operations > 0, world:now_ns() >= 10000000000) -- expect: true	true
    print(world:settle()) -- expect: true
    world:users { clients = "two" } -- error: users.clients: takes an integer or table, not a string
  end,
}
