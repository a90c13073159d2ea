local sim = require "syncsim"

-- Both wrote 6: as rows they are the same, as counts they are two.
return sim.story {
  name = "a counter that both raised by one is raised by two, and an answer that was lost is not counted twice",
  dialects = { "sound" },
  tables = { visit = { count = "integer" } },
  run = function(world)
    local policy = { "field_merge", columns = { count = "counter" } }
    local tablet = world:client { name = "tablet", policy = policy }
    local phone = world:client { name = "phone", policy = policy }
    world.server:table("visit"):insert { id = "a", count = 5 }
    for _, device in ipairs { tablet, phone } do
      device:pull { table = "visit", query_id = "all" }
      device:table("visit"):update { id = "a", count = 6 }
    end
    world:link(tablet):drop_next { what = "response" }
    tablet:push()
    tablet:push()
    sim.expect(world.server:table("visit"):lookup "a"):has { count = 6 }
    phone:push()
    sim.expect(world.server:table("visit"):lookup "a"):has { count = 7 }
  end,
}
