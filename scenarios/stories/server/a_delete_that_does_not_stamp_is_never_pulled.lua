local sim = require "syncsim"

-- bugs.md, soft-delete-does-not-stamp: `deleted` is set, updatedAt and version are not. No pull that asks for what changed can see it.
return sim.story {
  name = "a soft delete that does not stamp reaches no device that had the row",
  tables = { note = { columns = { text = "string" }, soft_delete = true } },
  server = { delete_stamps = false },
  dialects = { "mobile-apps", "datasync", "toolkit", "sound" },
  run = function(world)
    local phone = world:client { name = "phone" }
    local side = world.server:table("note")
    side:insert { id = "a", text = "deleted" }
    world:sleep "1 s"
    side:insert { id = "b", text = "later" }
    phone:pull { table = "note", query_id = "all" }
    side:delete "a"
    phone:pull { table = "note", query_id = "all" }
    sim.expect(side:count()):equals(1)
    sim.expect(phone:table("note"):count()):equals(2)
    world:settle()
  end,
}
