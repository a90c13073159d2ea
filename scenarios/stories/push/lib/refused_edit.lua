local sim = require "syncsim"

-- The phone edits a row whose delete is in the queue: the queue refuses that.
return function(case)
  return sim.story {
    name = case.name,
    finds = case.finds,
    tables = { todoitem = { text = "string" } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      world.server:table("todoitem"):insert { id = "a", text = "old" }
      phone:pull "todoitem"
      phone:table("todoitem"):delete "a"
      sim.fails("state", phone:table("todoitem"):update { id = "a", text = "back again" })
      local row = phone:table("todoitem"):lookup "a"
      if case.changed then
        sim.expect(row):why("refused, and written all the same"):has { text = "back again" }
      else
        sim.expect(row):is_nil()
      end
      phone:push()
      world:settle()
    end,
  }
end
