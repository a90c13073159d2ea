local sim = require "syncsim"

-- synchronous = OFF is faster, and what it costs: everything since the system wrote back by itself.
return sim.story {
  name = "mobile-apps: without syncs a loss of power takes everything that the system had not written back",
  tables = { note = { text = "string" } },
  finds = { { checker = "durability", row = "c" }, { checker = "durability", row = "d" } },
  run = function(world)
    local phone = world:client {
      name = "phone", store = "sqlite", synchronous = "OFF", power_loss = true, weather = { disk_write_back = "30 s" },
    }
    local notes = phone:table "note"
    notes:insert { id = "a", text = "written back" }
    notes:insert { id = "b", text = "written back" }
    world:sleep "40 s"
    notes:insert { id = "c", text = "not yet" }
    notes:insert { id = "d", text = "not yet" }
    phone:crash { power = "all" }
    phone:start()
    sim.expect(notes:count()):equals(2)
    sim.expect(phone:pending()):equals(2)
    world:settle()
    sim.expect(world.server:table("note"):count()):equals(2)
  end,
}
