local sim = require "syncsim"

return sim.story {
  name = "a purge of a table with pending operations is refused; force discards them, unless the purge has a filter",
  tables = { todoitem = { text = "string" }, other = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:table("todoitem"):insert { id = "a", text = "unsent" }
    phone:table("other"):insert { id = "o", text = "unsent too" }
    sim.fails("state", phone:purge "todoitem")
    sim.fails("state", phone:purge { table = "todoitem", force = true, where = { text = "unsent" } })
    sim.expect(phone:table("todoitem"):count()):equals(1)

    phone:purge { table = "todoitem", force = true }
    sim.expect(phone:table("todoitem"):count()):equals(0)
    sim.expect { phone:pending "todoitem", phone:pending "other" }:equals { 0, 1 }
    phone:push()
    sim.expect(world.server:table("todoitem"):count()):equals(0)
  end,
}
