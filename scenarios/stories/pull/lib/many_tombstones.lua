local sim = require "syncsim"

-- One page with more tombstones than a statement of SQLite had parameters.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    server = { page_size = 1000 },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      local back_office = world.server:table "todoitem"
      for i = 1, 1000 do back_office:insert { id = "r" .. i, text = "theirs" } end
      local query = { table = "todoitem", query_id = "all", page_size = 1000 }
      phone:pull(query)
      world:sleep "1 s"
      for i = 1, 1000 do back_office:delete("r" .. i) end
      if case.fails then
        for _ = 1, 2 do sim.fails("store", phone:pull(query)) end
        sim.expect(phone:table("todoitem"):count()):why("and so at every pull"):equals(1000)
        query.page_size = 999
      end
      phone:pull(query)
      sim.expect(phone:table("todoitem"):count()):equals(0)
    end,
  }
end
