local sim = require "syncsim"

-- Messages are added, and seldom touched again but by their authors: little to conflict about, much to carry.
return sim.world {
  name = "a chat of five people",
  tables = { message = { room = "string", body = "string", read = "boolean" } },
  run = function(world)
    world:users {
      clients = 5, per_user = 24, within = "1 h", rows = 40, own = 850, burst = 100,
      kinds = { message = "independent" }, fields = { message = { room = 0, body = 8, read = 2 } },
      mix = { insert = 55, update = 15, delete = 2, sync = 28 },
      client = { policy = "latest_wins" },
    }
    world:settle()
  end,
}
