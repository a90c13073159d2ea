local sim = require "syncsim"

-- Two writers: the first one's stamp is taken, and while its transaction is open the second one stamps and commits, and a reader pulls.
--
--   slow   --- stamp 10.005 ------------------------------ commit 12.005 ---
--   quick            (back office) stamp and commit 11.0
--   reader                                 pull 11.5                 pull 20
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    server = { dialect = case.dialect == "sound" and "sound" or "netfx", service = "2 s", commit = "2 s", workers = 4 },
    finds = case.finds,
    run = function(world)
      local writer = world:client { name = "writer", dialect = case.dialect, latency = "5 ms" }
      local reader = world:client { name = "reader", dialect = case.dialect, latency = "5 ms" }
      local pull = { table = "todoitem", query_id = "all" }
      reader:pull(pull)
      world:sleep "5 s"
      writer:table("todoitem"):insert { id = "slow", text = "stamped first" }
      local push = world:spawn(function() return writer:push() end)
      world:sleep "1 s"
      world.server:table("todoitem"):insert { id = "quick", text = "committed first" }
      reader:pull(pull)
      push:join()
      world:sleep "10 s"
      reader:pull(pull)
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
