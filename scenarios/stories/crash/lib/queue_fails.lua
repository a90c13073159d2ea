local sim = require "syncsim"

-- The second write of an edit fails: the one of its queue entry.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    finds = case.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      world.server:table("todoitem"):insert { id = "a", text = "old" }
      world:sleep "1 s"
      world.server:table("todoitem"):insert { id = "b", text = "at the token" }
      phone:pull { table = "todoitem", query_id = "all" }
      phone:fail_at { write = 2 }
      sim.fails("store", phone:table("todoitem"):update { id = "a", text = "phone's" })
      sim.expect(phone:table("todoitem"):lookup "a"):has { text = case.text }
      sim.expect(phone:pending()):equals(0)
      world:settle()
    end,
  }
end
