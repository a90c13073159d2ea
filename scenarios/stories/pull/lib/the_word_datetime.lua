local sim = require "syncsim"

return function(case)
  return sim.story {
    name = case.name,
    tables = { field = { kind = "string" } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      world.server:table("field"):insert { id = "a", kind = "datetime" }
      phone:pull { table = "field", query_id = "times", where = { kind = "datetime" } }
      sim.expect(phone:table("field"):count()):equals(case.found)
    end,
  }
end
