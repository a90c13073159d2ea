local sim = require "syncsim"

return sim.story {
  name = "a handler and an error see the item without the server's own properties, except its version; the body has not even that",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local seen
    local phone = world:client {
      name = "phone",
      handler = function(op)
        seen = op.item
        op:execute()
        return op:fail()
      end,
    }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    phone:pull "todoitem"
    local version = phone:table("todoitem"):lookup("a").version
    world.server:table("todoitem"):update { id = "a", text = "theirs" }
    phone:table("todoitem"):update { id = "a", text = "mine" }
    local _, _, _, result = phone:push()
    sim.expect(seen):equals { id = "a", text = "mine", version = version }
    sim.expect(result.errors[1].item):equals { id = "a", text = "mine", version = version }
    local log = phone:traffic()
    sim.expect(log[#log].row):equals { id = "a", text = "mine" }
    result.errors[1]:cancel_and_discard()
  end,
}
