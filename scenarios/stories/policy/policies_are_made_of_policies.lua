local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "an edit wins over a deletion, a merge is logged with both rows, and a table may have a policy of its own",
  dialects = { "sound" },
  tables = scene.tables,
  run = function(world)
    local policy = { "audit", { "chain", "fail", { "update_wins", otherwise = { "field_merge", default = "server" } } } }
    local phone, tablet = scene.meet(world, { note = policy }, { title = "tablet's", stars = 2 }, { title = "phone's", body = "phone's" })
    sim.expect(scene.on_server(world)):has { title = "tablet's", body = "phone's", stars = 2 }
    local entry = phone:inbox()[1]
    sim.expect(entry):has { state = "logged", by = "field_merge" }
    sim.expect(entry.client):has { title = "phone's" }
    sim.expect(entry.server):has { title = "tablet's" }

    tablet:table("note"):delete "x"
    phone:table("note"):update { id = "x", title = "not gone" }
    tablet:push()
    phone:push()
    sim.expect(scene.on_server(world)):has { title = "not gone" }
    world:settle()
  end,
}
