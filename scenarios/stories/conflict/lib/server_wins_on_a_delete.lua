local sim = require "syncsim"

-- The phone deletes a row that was changed on the server since; the policy says server wins.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    server = { dialect = case.dialect },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect, policy = "server_wins" }
      local todo = phone:table "todoitem"
      world.server:table("todoitem"):insert { id = "a", text = "old" }
      phone:pull { table = "todoitem", query_id = "all" }
      world:sleep "1 s"
      world.server:table("todoitem"):update { id = "a", text = "theirs" }
      todo:delete "a"
      sim.expect(phone:push()):has { status = "Complete", completed = 1 }
      sim.expect(phone:pending()):equals(0)
      sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "theirs" }
      if case.restores then
        sim.expect(todo:lookup "a"):has { text = "theirs" }
      else
        sim.expect(todo:lookup "a"):is_nil()
      end
      phone:pull { table = "todoitem", query_id = "all" }
      sim.expect(todo:lookup "a"):has { text = "theirs" }
    end,
  }
end
