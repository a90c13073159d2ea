local sim = require "syncsim"

-- The phone has edited a, the back office, too, and has made b since. The phone pulls; then its edit is refused and discarded, and it
-- pulls again. Is the back office's a there?
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    finds = case.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      local office = world.server:table "todoitem"
      office:insert { id = "a", text = "old" }
      local query = { table = "todoitem", query_id = "all" }
      phone:pull(query)
      phone:table("todoitem"):update { id = "a", text = "phone's" }
      world:sleep "1 s"
      office:update { id = "a", text = "office's" }
      world:sleep "1 s"
      office:insert { id = "b", text = "later" }
      phone:pull(query)
      sim.expect(phone:table("todoitem"):lookup "a"):why("has an operation: left alone"):has { text = "phone's" }
      sim.expect(phone:table("todoitem"):lookup "b"):has { text = "later" }

      local result, _, _, failed = phone:push()
      ;(result or failed).errors[1]:cancel_and_discard()
      phone:pull(query)
      local row = phone:table("todoitem"):lookup "a"
      if case.finds then
        sim.expect(row):why("the token is past it"):is_nil()
      else
        sim.expect(row):has { text = "office's" }
      end
      world:settle()
    end,
  }
end
