local sim = require "syncsim"

-- Removed for good and inserted again under the same id, while the phone holds an edit of the old row.
return function(case)
  return sim.story {
    name = case.name,
    finds = case.finds,
    tables = { todoitem = { columns = { text = "string" }, soft_delete = false } },
    server = { dialect = case.server },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      local office = world.server:table "todoitem"
      office:insert { id = "a", text = "one thing" }
      phone:pull "todoitem"
      phone:table("todoitem"):update { id = "a", text = "the phone's view of one thing" }
      office:delete "a"
      office:insert { id = "a", text = "another thing" }
      local result, _, _, failed = phone:push()
      sim.expect(#(result or failed).errors):equals(case.errors)
      sim.expect(office:lookup "a"):has { text = case.text }
    end,
  }
end
