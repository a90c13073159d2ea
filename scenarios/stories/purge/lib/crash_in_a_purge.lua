local sim = require "syncsim"

-- The process dies at each write of a forced purge in turn. Is there a moment when the operation is gone and its row is not?
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    finds = case.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      local todo = phone:table "todoitem"
      local torn = 0
      todo:insert { id = "a", text = "never sent" }
      for write = 1, 20 do
        phone:crash_at { write = write }
        local removed, _, code = phone:purge { table = "todoitem", force = true }
        if removed then break end
        sim.expect(code):equals "crashed"
        phone:restart()
        if phone:pending() == 0 and todo:count() == 1 then torn = torn + 1 end
      end
      sim.expect(torn):equals(case.torn)
      sim.expect(todo:count()):equals(0)
    end,
  }
end
