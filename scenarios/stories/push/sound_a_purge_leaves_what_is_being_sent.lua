local sim = require "syncsim"

return sim.story {
  name = "sound: a forced purge is refused while an operation of its table is in the hands of a handler",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone
    phone = world:client {
      name = "phone", dialect = "sound",
      handler = function(op)
        sim.fails("state", phone:purge { table = "todoitem", force = true })
        return op:execute() or op:fail()
      end,
    }
    phone:table("todoitem"):insert { id = "a", text = "mine" }
    sim.expect(phone:push().completed):equals(1)
    sim.expect(phone:table("todoitem"):count()):equals(1)
  end,
}
