-- Two devices edit one row, the laptop an hour after the phone and in knowledge of nothing; the phone's clock is wrong. `changes`: what
-- happens to it before it edits. `expected`: whose text the server holds in the end, by latest_wins.
local sim = require "syncsim"

return function(options)
  return sim.story {
    name = options.name,
    tables = { note = { text = "string" } },
    server = { dialect = "sound" },
    run = function(world)
      local phone = world:client { name = "phone", dialect = "sound", policy = "latest_wins", stamp = options.stamp, clock = options.clock }
      local laptop = world:client { name = "laptop", dialect = "sound", policy = "latest_wins", stamp = options.stamp }
      world.server:table("note"):insert { id = "a", text = "at first" }
      phone:sync()
      laptop:sync()
      if options.changes then phone:clock(options.changes) end
      phone:table("note"):update { id = "a", text = "phone's" }
      world:sleep "1 h"
      laptop:table("note"):update { id = "a", text = "laptop's, an hour later" }
      laptop:push()
      phone:push()
      world:settle()
      sim.expect(world.server:table("note"):lookup "a"):has { text = options.expected }
    end,
  }
end
