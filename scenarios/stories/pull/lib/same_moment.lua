local sim = require "syncsim"

-- Two rows whose stamps the clients cannot tell apart; a pull comes between them.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    server = { dialect = case.server, clock = { resolution = case.resolution or "1 ms" } },
    finds = case.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect, latency = "0 s" }
      local query = { table = "todoitem", query_id = "all" }
      world:sleep "1 s"
      world.server:table("todoitem"):insert { id = "a", text = "first" }
      phone:pull(query)
      world:sleep "100 us"
      world.server:table("todoitem"):insert { id = "b", text = "in the same millisecond" }
      world:sleep "1 s"
      phone:pull(query)
      world:settle()
      if case.finds then
        sim.expect(phone:table("todoitem"):lookup "b"):is_nil()
      else
        sim.expect(phone:table("todoitem"):lookup "b"):has { text = "in the same millisecond" }
      end
      local before = #world.server:requests()
      phone:pull(query)
      sim.expect(world.server:requests()[before + 1].rows):why("nothing changed since"):equals(case.rests)
    end,
  }
end
