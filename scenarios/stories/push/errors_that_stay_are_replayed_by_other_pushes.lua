local sim = require "syncsim"

-- A push reports every stored error, whoever stored it, and deletes them all when its completion went well.
return sim.story {
  name = "mobile-apps: an error that an interrupted completion left behind makes a push of another table fail, and is then forgotten",
  tables = { a = { text = "string" }, b = { text = "string" } },
  run = function(world)
    local throws = true
    local phone = world:client { name = "phone", on_push_complete = function() return not throws end }
    world.server:table("a"):insert { id = "taken", text = "theirs" }
    phone:table("a"):insert { id = "taken", text = "mine" }
    sim.fails("push_failed", phone:push "a")

    throws = false
    phone:table("b"):insert { id = "free", text = "mine" }
    local _, _, code, result = phone:push "b"
    sim.expect(code):equals "push_failed"
    sim.expect(result):has { status = "Complete", completed = 1 }
    sim.expect(result.errors):has_length(1)
    sim.expect(result.errors[1]):has { table = "a", id = "taken", status = 409 }

    sim.expect(phone:push("b").status):why("the errors of all tables were deleted"):equals "Complete"
    sim.expect(phone:queue()[1]):has { table = "a", state = "failed" }
    result.errors[1]:cancel_and_discard()
  end,
}
