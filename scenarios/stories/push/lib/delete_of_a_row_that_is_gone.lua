local sim = require "syncsim"

-- The phone deletes a row that somebody else has deleted, and edits another one.
return function(case)
  return sim.story {
    name = case.name,
    finds = case.finds,
    tables = { todoitem = { text = "string" } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      local office = world.server:table "todoitem"
      for _, id in ipairs { "a", "b" } do office:insert { id = id, text = "old" } end
      phone:pull "todoitem"
      phone:table("todoitem"):delete "a"
      phone:table("todoitem"):update { id = "b", text = "new" }
      office:delete "a"
      if case.blocks then
        for _ = 1, 3 do
          local _, _, code, result = phone:push()
          sim.expect(code):equals "push_failed"
          sim.expect(result.errors):has_length(1)
          sim.expect(result.errors[1]):has { kind = "delete", id = "a", status = 404 }
        end
        sim.expect(phone:pending()):why("what is behind it is never sent"):equals(2)
        sim.expect(office:lookup "b"):has { text = "old" }
      else
        sim.expect(phone:push()):has { completed = 2, errors = {} }
        sim.expect(office:lookup "b"):has { text = "new" }
      end
    end,
  }
end
