local sim = require "syncsim"

-- The operation is there and its row is not: a tombstone that a pull had looked at before the edit is written behind it.
return function(case)
  return sim.story {
    name = case.name,
    finds = case.finds,
    tables = { todoitem = { text = "string" } },
    server = { page_size = 1 },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect, latency = "1 s" }
      local office = world.server:table "todoitem"
      office:insert { id = "a", text = "old" }
      world:sleep "10 ms"
      phone:pull { table = "todoitem", query_id = "all" }
      office:delete "a"
      world:sleep "10 ms"
      office:insert { id = "b", text = "theirs" }
      local pull = world:spawn(function() return phone:pull { table = "todoitem", query_id = "all", write_interval = case.interval } end)
      world:sleep "2500 ms"
      phone:table("todoitem"):update { id = "a", text = "mine" }
      pull:join()
      case.check(world, phone)
    end,
  }
end
