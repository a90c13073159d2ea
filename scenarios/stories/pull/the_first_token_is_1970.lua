local sim = require "syncsim"

return sim.story {
  name = "an incremental pull starts at 1970-01-01, ordered by updatedAt, fifty at a time",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    for i = 1, 60 do
      world.server:table("todoitem"):insert { id = string.format("r%02d", i), text = "row" }
      world:sleep "10 ms"
    end
    phone:pull { table = "todoitem", query_id = "all" }
    local first, second = world.server:requests()[1], world.server:requests()[2]
    sim.expect(first.query):contains "updatedAt ge 1970-01-01T00:00:00"
    sim.expect(first.query):contains "order by updatedAt"
    sim.expect(first.rows):equals(50)
    sim.expect(second.rows):at_most(50)
    sim.expect(phone:table("todoitem"):count()):equals(60)
  end,
}
