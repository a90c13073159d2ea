local sim = require "syncsim"

-- Three rows in pages of two; between the first page and the second the server changes the first row, which moves to the end.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    server = { dialect = case.server, page_size = 2 },
    finds = case.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect, latency = "1 s" }
      local back_office = world.server:table "todoitem"
      for _, id in ipairs { "a", "b", "c" } do
        back_office:insert { id = id, text = "old" }
        world:sleep "1 s"
      end
      local query = { table = "todoitem", query_id = "all", page_size = 2 }
      local pull = world:spawn(function() return phone:pull(query) end)
      world:eventually(function() return phone:table("todoitem"):count() == 2 end, "1 min")
      back_office:update { id = "a", text = "new" }
      pull:join()
      world:settle()

      sim.expect(phone:table("todoitem"):lookup "a"):has { text = "new" }
      if case.finds then
        sim.expect(phone:table("todoitem"):lookup "c"):why("it slid into the page that was read already"):is_nil()
      else
        sim.expect(phone:table("todoitem"):count()):equals(3)
      end
    end,
  }
end
