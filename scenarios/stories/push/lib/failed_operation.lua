local sim = require "syncsim"

-- One update is refused by the server (412), nobody handles it, and the push comes to its end.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      world.server:table("todoitem"):insert { id = "a", text = "old" }
      phone:pull { table = "todoitem", query_id = "all" }
      phone:table("todoitem"):update { id = "a", text = "phone's" }
      world.server:table("todoitem"):update { id = "a", text = "office's" }
      sim.fails("push_failed", phone:push())
      sim.expect(phone:pending()):equals(case.pending)
      sim.expect(phone:table("todoitem"):lookup "a"):has { text = "phone's" }
      if case.pending == 0 then
        sim.expect(phone:push().status):why("nothing is left to be sent"):equals "Complete"
        sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "office's" }
      else
        local _, _, _, result = phone:push()
        sim.expect(result.errors[1]):has { id = "a", status = 412 }
      end
    end,
  }
end
