local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "park takes the tablet's row, keeps the phone's in the inbox, over a crash, and a person makes one of both",
  dialects = { "sound" },
  tables = scene.tables,
  run = function(world)
    local phone = scene.meet(world, "park", { title = "tablet's" }, { title = "phone's", stars = 5 })
    sim.expect(scene.on_server(world)):has { title = "tablet's", stars = 1 }
    sim.expect(phone:table("note"):lookup "x"):has { title = "tablet's" }
    phone:crash()
    phone:restart()
    local inbox = phone:inbox()
    sim.expect(inbox):has_length(1)
    local entry = inbox[1]
    sim.expect(entry):has { state = "parked", kind = "update", table = "note", id = "x", by = "park", status = 412 }
    sim.expect(entry.base):has { title = "first", stars = 1 }
    sim.expect(entry.client):has { title = "phone's", stars = 5 }
    sim.expect(entry.server):has { title = "tablet's", stars = 1 }

    entry:use { title = "both's", stars = 5 }
    sim.expect(phone:inbox()):has_length(0)
    phone:push()
    sim.expect(scene.on_server(world)):has { title = "both's", stars = 5 }
  end,
}
