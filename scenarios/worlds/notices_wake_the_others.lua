local sim = require "syncsim"

return sim.world {
  name = "silent pushes wake the other devices, and some of the notices get lost",
  tables = { message = { body = "string", likes = "integer" } },
  server = { notify = true },
  run = function(world)
    world:users {
      clients = 4, per_user = 15, within = "15 min", rows = 10,
      mix = { insert = 40, update = 35, delete = 5, sync = 20 },
      client = {
        policy = "latest_wins", pull_on_notice = true, latency = "40 ms", latency_spread = "500 ms",
        weather = { net_request_lost = 20, net_response_lost = 20, net_notice_lost = 100 },
      },
    }
    world:settle()
  end,
}
