local sim = require "syncsim"

return sim.story {
  name = "an operation that fails is passed over, the others are pushed, and the push fails with its error",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    world.server:table("todoitem"):insert { id = "taken", text = "the server's" }
    phone:table("todoitem"):insert { id = "taken", text = "mine" }
    phone:table("todoitem"):insert { id = "free", text = "mine" }
    local _, _, code, result = phone:push()
    sim.expect(code):equals "push_failed"
    sim.expect(result):has { status = "Complete", completed = 1 }
    sim.expect(result.errors):has_length(1)
    sim.expect(result.errors[1]):has { id = "taken", kind = "insert", status = 409 }
    sim.expect(world.server:table("todoitem"):lookup "free"):has { text = "mine" }
    sim.expect(phone:queue()[1]):has { id = "taken", state = "failed" }
    result.errors[1]:cancel_and_discard()
  end,
}
