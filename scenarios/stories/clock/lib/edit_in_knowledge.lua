-- The tablet edits, offline. Half an hour later the laptop does, and the phone, whose clock is an hour behind, reads that and corrects
-- it. Then the tablet is back: its edit is the oldest of the three.
local sim = require "syncsim"

return function(options)
  return sim.story {
    name = options.name,
    tables = { note = { text = "string" } },
    server = { dialect = "sound" },
    run = function(world)
      local function device(name, clock)
        return world:client { name = name, dialect = "sound", policy = "latest_wins", stamp = options.stamp, clock = clock }
      end
      local tablet, laptop, phone = device "tablet", device "laptop", device("phone", { offset = "-1 h" })
      world.server:table("note"):insert { id = "a", text = "buy milk" }
      tablet:sync()
      laptop:sync()
      tablet:offline()
      tablet:table("note"):update { id = "a", text = "tablet's" }
      world:sleep "30 min"
      laptop:table("note"):update { id = "a", text = "buy mlik and bread" }
      laptop:sync()
      phone:sync()
      phone:table("note"):update { id = "a", text = "buy milk and bread" }
      phone:sync()
      tablet:online()
      world:settle()
      sim.expect(world.server:table("note"):lookup "a"):has { text = options.expected }
    end,
  }
end
