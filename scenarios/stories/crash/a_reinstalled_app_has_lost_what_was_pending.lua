local sim = require "syncsim"

return sim.story {
  name = "an app that is installed anew has nothing, pulls everything, and sends nothing of what was pending",
  tables = { note = { text = "string" } },
  dialects = { "mobile-apps", "mobile-apps-js", "datasync", "toolkit", "sound" },
  run = function(world)
    local phone = world:client { name = "phone", store = "sqlite", policy = "client_wins" }
    phone:table("note"):insert { id = "a", text = "pushed" }
    phone:push()
    phone:table("note"):insert { id = "b", text = "pending" }
    phone:reinstall()
    sim.expect(phone:pending()):equals(0)
    sim.expect(phone:table("note"):count()):equals(0)
    phone:pull { table = "note", query_id = "all" }
    phone:table("note"):insert { id = "c", text = "new" }
    phone:push()
    world:settle()
    sim.expect(phone:table("note"):count()):equals(2)
    sim.expect(world.server:table("note"):count()):equals(2)
  end,
}
