local sim = require "syncsim"

-- All seats are there from the start; the good ones are wanted by all. Who loses a seat wants to know before the show begins.
return sim.world {
  name = "seats that are booked at five counters",
  tables = { seat = { holder = "string", confirmed = "boolean" } },
  run = function(world)
    world:users {
      clients = 5, per_user = 20, within = "20 min", rows = 20, zipf = 0.99,
      fields = { seat = { holder = 8, confirmed = 2 } },
      mix = { update = 70, sync = 30 },
      client = { policy = "latest_wins" },
    }
    world:settle()
  end,
}
