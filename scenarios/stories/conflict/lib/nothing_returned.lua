local sim = require "syncsim"

-- The handler sends the operation, is answered 200, and returns nothing. Then the row is edited again.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect, handler = function(op) op:execute() end }
      world.server:table("todoitem"):insert { id = "a", text = "old" }
      phone:pull "todoitem"
      phone:table("todoitem"):update { id = "a", text = "first" }
      phone:push()
      local version = world.server:table("todoitem"):lookup("a").version
      sim.expect(phone:table("todoitem"):lookup("a").version == version):equals(case.stored)

      phone:table("todoitem"):update { id = "a", text = "second" }
      phone:push()
      local requests = world.server:requests()
      sim.expect(requests[#requests].status):equals(case.stored and 200 or 412)
      sim.expect(world.server:table("todoitem"):lookup "a"):has { text = case.stored and "second" or "first" }
    end,
  }
end
