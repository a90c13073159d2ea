local sim = require "syncsim"

-- Counts go up and down from what each scanner shows: an edit that is lost is a wrong count. A few articles are moved most.
return sim.world {
  name = "an inventory that four scanners count up and down",
  tables = { article = { count = "integer", shelf = "string" } },
  run = function(world)
    world:users {
      clients = 4, per_user = 24, within = "1 h", rows = 12, zipf = 1.2, burst = 200,
      kinds = { article = "counter" }, fields = { article = { count = 9, shelf = 1 } },
      mix = { insert = 6, update = 66, delete = 2, sync = 26 },
      client = { policy = "latest_wins" },
    }
    world:settle()
  end,
}
