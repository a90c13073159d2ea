local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "a held edit that is dismissed leaves the server's row on the phone, and nothing in queue and inbox",
  dialects = { "sound" },
  tables = scene.tables,
  run = function(world)
    local phone = scene.meet(world, "hold", { title = "tablet's" }, { title = "phone's" })
    phone:inbox()[1]:dismiss()
    sim.expect(phone:table("note"):lookup "x"):has { title = "tablet's" }
    sim.expect(phone:pending()):equals(0)
    sim.expect(phone:inbox()):has_length(0)
    world:settle()
  end,
}
