local sim = require "syncsim"

-- The server has done it and says so, but the content of its answer is lost on the way.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    finds = case.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      phone:table("todoitem"):insert { id = "a", text = "mine" }
      world:link(phone):drop_next { what = "body" }
      local result, _, _, failed = phone:push()
      sim.expect(#(result or failed).errors):equals(case.errors)
      sim.expect(result ~= nil):why("did push() return?"):equals(case.returns)
      sim.expect(phone:pending()):equals(1)
      sim.expect(world.server:table("todoitem"):count()):equals(1)

      result, _, _, failed = phone:push()
      if case.status then
        sim.expect(failed.errors[1]):has { id = "a", status = case.status }
      else
        sim.expect(result):has { completed = 1, errors = {} }
        sim.expect(phone:table("todoitem"):lookup("a").version):equals(world.server:table("todoitem"):lookup("a").version)
      end
      world:settle()
    end,
  }
end
