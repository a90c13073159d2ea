local sim = require "syncsim"

-- A breach of contract that no incremental pull can see, in any dialect: nothing changed after the token. A pull without a query id
-- compares everything, in `sound`.
return sim.story {
  name = "a row that was removed by hand in the server's database stays on devices",
  tables = { note = { text = "string" } },
  dialects = { "mobile-apps", "datasync", "sound" },
  run = function(world)
    local phone = world:client { name = "phone" }
    local side = world.server:table("note")
    side:insert { id = "a", text = "removed" }
    phone:pull { table = "note", query_id = "all" }
    side:hard_delete "a"
    phone:pull { table = "note", query_id = "all" }
    sim.expect(phone:table("note"):count()):equals(1)
    phone:pull "note"
    sim.expect(phone:table("note"):count()):equals(world:dialect() == "sound" and 0 or 1)
    world:settle()
  end,
}
