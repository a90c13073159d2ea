local sim = require "syncsim"

return sim.story {
  name = "mobile-apps: a failed delete whose operation is updated with an object without a version is sent without one",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    phone:pull "todoitem"
    world.server:table("todoitem"):update { id = "a", text = "changed since" }
    phone:table("todoitem"):delete "a"
    local _, _, _, result = phone:push()
    sim.expect(result.errors[1]):has { kind = "delete", status = 412 }
    result.errors[1]:update_operation { id = "a" }
    sim.expect(phone:table("todoitem"):lookup "a"):why("a delete writes no row"):is_nil()

    sim.expect(phone:push()):has { status = "Complete", completed = 1 }
    sim.expect(world.server:table("todoitem"):lookup "a"):is_nil()
  end,
}
