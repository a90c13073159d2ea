local sim = require "syncsim"

return sim.story {
  name = "an error cannot be resolved any more after its row was edited again",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    phone:pull "todoitem"
    world.server:table("todoitem"):update { id = "a", text = "theirs" }
    phone:table("todoitem"):update { id = "a", text = "mine" }
    local _, _, _, result = phone:push()
    phone:table("todoitem"):update { id = "a", text = "mine again" }
    sim.fails("state", result.errors[1]:cancel_and_discard())
    sim.fails("state", result.errors[1]:cancel_and_update(result.errors[1].server))
    sim.fails("state", result.errors[1]:update_operation { id = "a", text = "late" })
    sim.expect(phone:table("todoitem"):lookup "a"):has { text = "mine again" }
    sim.expect(phone:queue()[1]):why("a collapse does not reset the state"):has { state = "failed", version = 2 }

    _, _, _, result = phone:push()
    result.errors[1]:cancel_and_discard()
    sim.expect(phone:pending()):equals(0)
  end,
}
