local sim = require "syncsim"

-- Pages of two; while the second one is on its way r1 is updated, and so comes again behind the last row.
return function(case)
  return sim.story {
    name = case.name,
    finds = case.finds,
    tables = { todoitem = { text = "string" } },
    server = { page_size = 2 },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect, latency = "1 s" }
      local office = world.server:table "todoitem"
      for i = 1, 5 do
        office:insert { id = "r" .. i, text = "old" }
        world:sleep "10 ms"
      end
      local pull = world:spawn(function() return phone:pull { table = "todoitem", query_id = "all", write_interval = case.interval } end)
      world:sleep "2500 ms"
      office:update { id = "r1", text = "new" }
      if case.throws then
        sim.fails("exists", pull:join())
        sim.expect(phone:table("todoitem"):count()):why("what waited is written all the same"):at_least(1)
      else
        pull:join()
      end
      phone:pull { table = "todoitem", query_id = "all", write_interval = case.interval }
      sim.expect(phone:table("todoitem"):lookup "r1"):has { text = "new" }
    end,
  }
end
