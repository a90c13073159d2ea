local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "keep_both leaves the tablet's row where it is and puts the phone's beside it, on the server and on both devices",
  dialects = { "sound" },
  tables = scene.tables,
  run = function(world)
    local phone, tablet = scene.meet(world, "keep_both", { title = "tablet's" }, { title = "phone's" })
    sim.expect(scene.on_server(world)):has { title = "tablet's" }
    for _, place in ipairs { world.server, phone, tablet } do
      local copies = place:table("note"):read { where = { conflict_of = "x" } }
      sim.expect(copies):has_length(1)
      sim.expect(copies[1]):has { title = "phone's", body = "first", stars = 1 }
    end
  end,
}
