local sim = require "syncsim"

-- A delete and an insert are pushed without a connection.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      world.server:table("todoitem"):insert { id = "a", text = "old" }
      phone:pull "todoitem"
      phone:table("todoitem"):delete "a"
      phone:offline()
      local _, _, code, result = phone:push()
      sim.expect(code):equals "push_failed"
      sim.expect(result.status):equals(case.status)
      sim.expect(#result.errors):equals(case.errors)
      sim.expect(phone:pending()):equals(case.pending)
      phone:online()
      phone:push()
      if case.pending == 0 then
        sim.expect(world.server:table("todoitem"):lookup "a"):why("nobody deletes it any more"):has { text = "old" }
      else
        sim.expect(world.server:table("todoitem"):lookup "a"):is_nil()
      end
    end,
  }
end
