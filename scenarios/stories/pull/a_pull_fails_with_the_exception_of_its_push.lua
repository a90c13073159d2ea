local sim = require "syncsim"

return sim.story {
  name = "a pull whose implicit push fails throws the push's exception and pulls nothing",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    phone:pull "todoitem"
    world.server:table("todoitem"):update { id = "a", text = "theirs" }
    world.server:table("todoitem"):insert { id = "b", text = "new" }
    phone:table("todoitem"):update { id = "a", text = "mine" }

    local rows, _, code, push = phone:pull "todoitem"
    sim.expect(rows):is_nil()
    sim.expect(code):equals "push_failed"
    sim.expect(push.errors[1]):has { id = "a", status = 412 }
    sim.expect(push.errors[1].server):has { text = "theirs" }
    sim.expect(phone:table("todoitem"):lookup "b"):is_nil()
    push.errors[1]:cancel_and_update(push.errors[1].server)
    sim.expect(phone:pull "todoitem"):at_least(2)
  end,
}
