local sim = require "syncsim"

-- Scripted users beside drawn ones: an office that writes straight to the server, rows that the field is editing, too.
return sim.world {
  name = "an office writes to the server while devices in the field edit the same orders",
  tables = { orders = { customer = "string", state = "string", total = "number" } },
  run = function(world)
    local office = world:spawn(function()
      for round = 1, 12 do
        world:sleep "90 s"
        local id = "orders-" .. 2 * (1 + world:choose("office-row", 3, round))
        local side = world.server:table("orders")
        if side:lookup(id) then side:update { id = id, state = "checked " .. round } end
      end
    end)
    world:users {
      clients = 3, per_user = 14, within = "20 min", rows = 8,
      mix = { insert = 15, update = 60, delete = 5, sync = 20 },
      client = { policy = "server_wins", latency = "25 ms", latency_spread = "350 ms", weather = { net_request_lost = 20, net_response_lost = 20 } },
      outages = { every = "6 min", lasting = "2 min" },
    }
    office:join()
    world:settle()
  end,
}
