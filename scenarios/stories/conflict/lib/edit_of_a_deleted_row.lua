local sim = require "syncsim"

-- The phone edits a row that somebody has deleted on the server meanwhile.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    server = { dialect = case.server },
    finds = case.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect, policy = "client_wins" }
      local query = { table = "todoitem", query_id = "all" }
      world.server:table("todoitem"):insert { id = "a", text = "old" }
      phone:pull(query)
      world.server:table("todoitem"):delete "a"
      world.server:table("todoitem"):insert { id = "b", text = "new" }
      phone:table("todoitem"):update { id = "a", text = "mine" }
      if case.finds then
        for _ = 1, 3 do
          local _, _, code, result = phone:pull(query)
          sim.expect(code):equals "push_failed"
          sim.expect(result.errors[1]):has { kind = "update", id = "a", status = 404 }
        end
        sim.expect(phone:table("todoitem"):lookup "b"):is_nil()
      else
        phone:pull(query)
        sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "mine" }
        sim.expect(phone:table("todoitem"):lookup "b"):has { text = "new" }
        sim.expect(phone:pending()):equals(0)
      end
      world:settle()
    end,
  }
end
