local sim = require "syncsim"

-- Every request takes seconds, and the app does not wait: rows are edited and read while they are on their way.
local POLICIES = { "client_wins", "server_wins", "latest_wins" }

return sim.world {
  name = "two devices edit and read while their requests take seconds",
  tables = { note = { title = "string", n = "integer" } },
  run = function(world)
    local phones = {}
    for i = 1, 2 do
      phones[i] = world:client {
        name = "phone" .. i, policy = POLICIES[world:choose("policy", 3, i) + 1], latency = "1 s", latency_spread = "1 s",
      }
    end
    world:users { clients = phones, per_user = 16, within = "1 min", rows = 4, mix = { insert = 10, update = 55, delete = 5, sync = 30 } }
    world:settle()
  end,
}
