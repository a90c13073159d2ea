local sim = require "syncsim"
local scene = require "lib.two_devices"

-- The twin of a_merge_takes_the_fields_of_both: nobody touched the tablet's title, and it is lost all the same.
return sim.story {
  name = "latest_wins sends the phone's row as a whole, and the tablet's title goes with its body",
  dialects = { "sound" },
  tables = scene.tables,
  run = function(world)
    scene.meet(world, "latest_wins", { title = "tablet's", body = "tablet's" }, { body = "phone's", stars = 5 })
    sim.expect(scene.on_server(world)):has { title = "first", body = "phone's", stars = 5 }
  end,
}
