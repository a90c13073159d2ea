local sim = require "syncsim"

return sim.story {
  name = "operations before the store is initialised are refused",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", started = false }
    local todo = phone:table "todoitem"
    sim.fails("state", todo:insert { id = "a", text = "too early" })
    sim.fails("state", todo:lookup "a")
    sim.fails("state", phone:push())
    sim.fails("state", phone:pull "todoitem")

    phone:start()
    todo:insert { id = "a", text = "in time" }
    sim.expect(todo:count()):equals(1)
  end,
}
