local sim = require "syncsim"

-- The twin of errors_that_stay_are_replayed_by_other_pushes.lua.
return sim.story {
  name = "sound: an error belongs to its operation: a push of another table neither shows it nor forgets it",
  tables = { a = { text = "string" }, b = { text = "string" } },
  run = function(world)
    local throws = true
    local phone = world:client { name = "phone", dialect = "sound", on_push_complete = function() return not throws end }
    world.server:table("a"):insert { id = "taken", text = "theirs" }
    phone:table("a"):insert { id = "taken", text = "mine" }
    sim.fails("push_failed", phone:push "a")

    throws = false
    phone:table("b"):insert { id = "free", text = "mine" }
    sim.expect(phone:push "b"):has { status = "Complete", completed = 1, errors = {} }
    local _, _, _, result = phone:push "a"
    sim.expect(result.errors[1]):why("a push of its own table tries again"):has { table = "a", id = "taken", status = 409 }
    result.errors[1]:cancel_and_discard()
  end,
}
