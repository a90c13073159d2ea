local sim = require "syncsim"

return sim.story {
  name = "a handler's result that has no id counts as success and is not stored",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client {
      name = "phone",
      handler = function(op)
        op:execute()
        return { text = "nobody's" }
      end,
    }
    phone:table("todoitem"):insert { id = "a", text = "mine" }
    sim.expect(phone:push()):has { status = "Complete", completed = 1 }
    sim.expect(phone:pending()):equals(0)
    sim.expect(phone:table("todoitem"):read()):has_length(1)
    sim.expect(phone:table("todoitem"):lookup("a").version):why("the server's answer was not stored either"):is_nil()
  end,
}
