local sim = require "syncsim"

-- The last change is at half a second; the second one before it, at a tenth. At rest, what does the next pull ask for?
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    server = { dialect = case.server },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      world:sleep "10100 ms"
      world.server:table("todoitem"):insert { id = "a", text = "theirs" }
      world:sleep "400 ms"
      world.server:table("todoitem"):insert { id = "b", text = "theirs" }
      phone:pull { table = "todoitem", query_id = "all" }
      sim.expect(phone:table("todoitem"):count()):equals(2)

      local before = #world.server:requests()
      phone:pull { table = "todoitem", query_id = "all" }
      local request = world.server:requests()[before + 1]
      if case.asked then sim.expect(request.query):matches(case.asked) end
      sim.expect(request.rows):equals(case.rows)
    end,
  }
end
