local sim = require "syncsim"

-- A backup of the phone is played onto a second one, and both live: they number their edits alike, and sign them with one name. An edit
-- under a number that the other one used is refused, noticed, and sent again under another. (A clone that never uses a number twice
-- cannot be told from a phone that was restarted.)
return sim.story {
  name = "sound: two devices with one identity notice it, and no edit of either is taken for the other's",
  tables = { note = { text = "string" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound" }
    phone:table("note"):insert { id = "a", text = "before" }
    local clone = world:client { name = "clone", dialect = "sound", backup = phone:backup() }
    phone:restart()
    phone:table("note"):insert { id = "p", text = "phone's" }
    phone:push()
    clone:table("note"):insert { id = "c", text = "clone's" }
    local _, _, _, result = clone:push()
    sim.expect(result.errors[1]):has { id = "c", status = 422 }
    sim.expect(clone:push()):has { status = "Complete" }
    world:settle()
    local texts = {}
    for _, row in ipairs(world.server:table("note"):read { order = "id" }) do texts[#texts + 1] = row.text end
    sim.expect(texts):equals { "before", "clone's", "phone's" }
  end,
}
