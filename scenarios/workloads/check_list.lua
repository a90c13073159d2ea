local sim = require "syncsim"

-- Everybody ticks off the same few items within half an hour, with a sync now and then.
return sim.world {
  name = "a check-list that four people tick off together",
  tables = { item = { text = "string", done = "boolean", assignee = "string" } },
  run = function(world)
    world:users {
      clients = 4, per_user = 24, within = "30 min", rows = 16, zipf = 0.6, undo = 100,
      kinds = { item = "check-list" }, fields = { item = { text = 1, done = 8, assignee = 1 } },
      mix = { insert = 12, update = 60, delete = 4, sync = 24 },
      client = { policy = "latest_wins" },
    }
    world:settle()
  end,
}
