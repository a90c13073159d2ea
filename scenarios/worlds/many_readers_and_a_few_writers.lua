local sim = require "syncsim"

-- A hub: two devices write, six hardly do anything but sync. Small pages, so that pulls go on while rows move.
return sim.world {
  name = "six devices mostly read what two devices write, page by page",
  tables = { article = { headline = "string", likes = "integer" } },
  server = { page_size = 2, workers = 2, service = "30 ms" },
  run = function(world)
    local options = { policy = "latest_wins", latency = "20 ms", latency_spread = "250 ms", weather = { net_request_lost = 20, net_response_lost = 20 } }
    local writers, readers = {}, {}
    for i = 1, 8 do
      options.name = (i <= 2 and "writer" or "reader") .. i
      local list = i <= 2 and writers or readers
      list[#list + 1] = world:client(options)
    end
    local reading = world:spawn(function()
      world:users { clients = readers, per_user = 5, within = "15 min", rows = 16, mix = { update = 10, sync = 90 }, kinds = { article = "counter" } }
    end)
    world:users { clients = writers, per_user = 20, within = "15 min", rows = 16, zipf = 0.6, mix = { insert = 20, update = 60, delete = 5, sync = 15 } }
    reading:join()
    world:settle()
  end,
}
