local sim = require "syncsim"

-- Three users of twenty intentions each, edits and syncs, as the worlds of a sweep have them; settled at the end.
return function(store)
  return sim.world {
    name = "a short run of users on " .. store,
    tables = { todoitem = { text = "string", rank = "integer" } },
    run = function(world)
      world:users {
        clients = 3, per_user = 20, rows = 16, mix = { insert = 10, update = 65, delete = 5, sync = 20 },
        client = { dialect = "sound", store = store, policy = "client_wins", latency = "20 ms", latency_spread = "5 ms" },
      }
      world:settle()
    end,
  }
end
