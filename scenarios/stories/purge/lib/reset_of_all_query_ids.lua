local sim = require "syncsim"

-- A purge of two tables, each of which was pulled under a query id of its own, that asks for the tokens of all of them.
return function(case)
  return sim.story {
    name = case.name,
    finds = case.finds,
    tables = { todoitem = { text = "string" }, other = { text = "string" } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      local ids = { todoitem = "my.items", other = "items" }
      for name, query_id in pairs(ids) do
        world.server:table(name):insert { id = "a", text = "milk" }
        phone:pull { table = name, query_id = query_id }
        phone:purge { table = name, reset_associated_queries = true }
        phone:pull { table = name, query_id = query_id }
      end
      sim.expect(phone:table("other"):count()):equals(1)
      sim.expect(phone:table("todoitem"):count()):equals(case.rows)
      world:settle()
    end,
  }
end
