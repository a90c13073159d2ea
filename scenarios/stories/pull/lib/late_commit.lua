local sim = require "syncsim"

-- Two writers: the first one's stamp is taken, and while its transaction is open the second one stamps and commits, and a reader is
-- answered. Every request takes 3 s at the server, a stamp its transaction's first moment, an answer its last.
--
--   reader   pull ------------------- answered at 3 s: quick; token = 2 s       pull
--   slow         stamp at 1 s ---------------------- commit at 4 s
--   quick             (back office) stamp and commit at 2 s
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    server = { dialect = case.dialect == "sound" and "sound" or "netfx", service = "3 s", commit = "3 s", workers = 4 },
    finds = case.finds,
    run = function(world)
      local writer = world:client { name = "writer", dialect = case.dialect }
      local reader = world:client { name = "reader", dialect = case.dialect }
      local query = { table = "todoitem", query_id = "all" }
      reader:pull(query)

      local pull = world:spawn(function() return reader:pull(query) end)
      world:sleep "1 s"
      writer:table("todoitem"):insert { id = "slow", text = "stamped first" }
      local push = world:spawn(function() return writer:push() end)
      world:sleep "1 s"
      world.server:table("todoitem"):insert { id = "quick", text = "committed first" }
      pull:join()
      push:join()
      reader:pull(query)
      world:settle()

      local row = reader:table("todoitem"):lookup "slow"
      if case.finds then
        sim.expect(row):is_nil()
      else
        sim.expect(row):has { text = "stamped first" }
      end
    end,
  }
end
