local sim = require "syncsim"

return sim.story {
  name = "mobile-apps: while a table is pulled, edits of it wait, reads and edits of other tables do not",
  tables = { todoitem = { text = "string" }, note = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", latency = "1 s" }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    local pull = world:spawn(function() return phone:pull "todoitem" end)
    world:sleep "500 ms"
    phone:table("note"):insert { id = "n", text = "at once" }
    sim.expect(phone:table("todoitem"):count()):equals(0)
    sim.expect(world:now_ns()):equals(500 * 1000000)
    phone:table("todoitem"):insert { id = "b", text = "two pages later" }
    sim.expect(world:now_ns()):equals(4000 * 1000000)
    pull:join()
    sim.expect(phone:table("todoitem"):count()):equals(2)
  end,
}
