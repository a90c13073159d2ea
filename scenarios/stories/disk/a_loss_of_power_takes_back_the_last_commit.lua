local sim = require "syncsim"

-- SQLite's defaults (a journal that is deleted, synchronous FULL) sync no folder after the deletion: the journal of the last transaction
-- comes back, and undoes it.
return sim.story {
  name = "mobile-apps: a loss of power takes back an insert that was acknowledged",
  tables = { note = { text = "string" } },
  finds = { checker = "durability", row = "b" },
  run = function(world)
    local phone = world:client { name = "phone", store = "sqlite", power_loss = true }
    phone:table("note"):insert { id = "a", text = "first" }
    phone:table("note"):insert { id = "b", text = "second" }
    phone:crash { power = "names" }
    phone:start()
    sim.expect(phone:table("note"):lookup "a"):has { text = "first" }
    sim.expect(phone:pending()):equals(1)
    world:settle()
    sim.expect(world.server:table("note"):count()):equals(1)
  end,
}
