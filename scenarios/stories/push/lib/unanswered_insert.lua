local sim = require "syncsim"

-- An insert that the server committed and whose answer was lost; then the user deletes the row.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    server = { dialect = case.dialect },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      local todo = phone:table "todoitem"
      todo:insert { id = "a", text = "mine" }
      world:link(phone):drop_next { what = "response" }
      sim.expect(phone:push()):is_nil()
      todo:delete "a"
      sim.expect(todo:lookup "a"):is_nil()
      sim.expect(phone:pending()):equals(case.orphan and 0 or 2)

      phone:push()
      phone:pull { table = "todoitem", query_id = "all" }
      if case.orphan then
        sim.expect(todo:lookup "a"):why("risen again"):has { text = "mine" }
      else
        sim.expect(todo:lookup "a"):is_nil()
        sim.expect(world.server:table("todoitem"):lookup "a"):is_nil()
      end
    end,
  }
end
