local sim = require "syncsim"

-- Without operation keys nothing tells the server that it knows these edits: the insert is a 409, and stays one.
return sim.story {
  name = "mobile-apps: after the restore of an old store what was pending then is sent a second time",
  tables = { note = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:table("note"):insert { id = "a", text = "mine" }
    local old = phone:backup()
    phone:push()
    phone:restore(old)
    sim.expect(phone:pending()):equals(1)
    local _, _, _, result = phone:push()
    sim.expect(result.errors[1]):has { id = "a", status = 409 }
    result.errors[1]:cancel_and_discard()
    world:settle()
  end,
}
