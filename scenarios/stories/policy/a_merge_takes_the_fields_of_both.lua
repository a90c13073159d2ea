local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "field_merge keeps the tablet's title and the phone's stars; of the body, which both wrote, the later one",
  dialects = { "sound" },
  tables = scene.tables,
  run = function(world)
    scene.meet(world, "field_merge", { title = "tablet's", body = "tablet's" }, { body = "phone's", stars = 5 })
    sim.expect(scene.on_server(world)):has { title = "tablet's", body = "phone's", stars = 5 }
  end,
}
