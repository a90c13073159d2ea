local sim = require "syncsim"

-- The phone holds a, b and a later row. Its edit of a and its delete of b fail in a maintenance window, nobody else touches either, and the app
-- discards both. Does the phone show them again?
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    finds = case.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      local todo, office = phone:table "todoitem", world.server:table "todoitem"
      for _, id in ipairs { "a", "b" } do office:insert { id = id, text = "old" } end
      world:sleep "1 s"
      office:insert { id = "later", text = "new" }
      phone:pull { table = "todoitem", query_id = "all" }
      todo:update { id = "a", text = "phone's" }
      todo:delete "b"
      world.server:maintenance "2 min"
      local result, _, _, failed = phone:push()
      for _, problem in ipairs((result or failed).errors) do problem:cancel_and_discard() end
      sim.expect(phone:pending()):equals(0)
      for _, id in ipairs { "a", "b" } do
        local row = todo:lookup(id)
        if case.finds then
          sim.expect(row):why("the token is past it"):is_nil()
        else
          sim.expect(row):has { text = "old" }
        end
      end
      world:sleep "2 min"
      world:settle()
    end,
  }
end
