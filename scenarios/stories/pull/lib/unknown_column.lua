local sim = require "syncsim"

-- The phone filters by a column that the server's table lacks.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string", owner = "string" } },
    server = { dialect = case.server, tables = { todoitem = { columns = { text = "string" }, dynamic_schema = false } } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      world.server:table("todoitem"):insert { id = "a", text = "theirs" }
      sim.fails("http", phone:pull { table = "todoitem", query_id = "mine", where = { owner = "me" } })
      local requests = world.server:requests()
      sim.expect(requests[#requests].status):equals(case.status)
    end,
  }
end
