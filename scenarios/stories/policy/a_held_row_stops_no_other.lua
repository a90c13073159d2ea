local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "hold keeps the phone's row on the phone and sends it no more, while other rows go on; a person lets it go",
  dialects = { "sound" },
  tables = scene.tables,
  run = function(world)
    local phone = scene.meet(world, "hold", { title = "tablet's" }, { title = "phone's" })
    local notes = phone:table "note"
    sim.expect(scene.on_server(world)):has { title = "tablet's" }
    sim.expect(notes:lookup "x"):has { title = "phone's" }
    notes:insert { id = "y", title = "another" }
    sim.expect(phone:push().status):equals "Complete"
    sim.expect(world.server:table("note"):lookup "y"):has { title = "another" }
    phone:pull { table = "note", query_id = "all" }
    sim.expect(notes:lookup "x"):has { title = "phone's" }
    sim.expect(phone:pending()):equals(1)

    local entry = phone:inbox()[1]
    sim.expect(entry):has { state = "held", id = "x" }
    entry:use { title = "phone's after all" }
    sim.expect(phone:push().status):equals "Complete"
    sim.expect(scene.on_server(world)):has { title = "phone's after all" }
    sim.expect(phone:inbox()):has_length(0)
  end,
}
