local sim = require "syncsim"

-- The local store fails once, at the second row of a page.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect, store = "sqlite" }
      local todo = phone:table "todoitem"
      for i = 1, 3 do world.server:table("todoitem"):insert { id = "r" .. i, text = "theirs" } end
      phone:fail_at { write = 2 }
      sim.fails("store", phone:pull { table = "todoitem", query_id = "all" })
      if case.stuck then
        for _ = 1, 2 do sim.fails("store", todo:insert { id = "mine", text = "mine" }) end
        sim.fails("store", phone:pull { table = "todoitem", query_id = "all" })
        phone:restart()
      end
      sim.expect(todo:count()):equals(0)
      todo:insert { id = "mine", text = "mine" }
      phone:pull { table = "todoitem", query_id = "all" }
      sim.expect(todo:count()):equals(4)
      world:settle()
    end,
  }
end
