local sim = require "syncsim"

-- A table of a server that removes rows instead of marking them.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { columns = { text = "string" }, soft_delete = false } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      world.server:table("todoitem"):insert { id = "a", text = "theirs" }
      if case.fails then
        sim.fails("schema", phone:pull "todoitem")
        sim.expect(phone:table("todoitem"):count()):equals(0)
      else
        phone:pull "todoitem"
        sim.expect(phone:table("todoitem"):count()):equals(1)
      end
    end,
  }
end
