local sim = require "syncsim"

-- Two tables are pulled under the query id "all"; what is in the second one is older than what is in the first.
return function(case)
  return sim.story {
    name = case.name,
    tables = { list = { text = "string" }, item = { text = "string" } },
    finds = case.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      world.server:table("item"):insert { id = "i", text = "older" }
      world:sleep "1 s"
      world.server:table("list"):insert { id = "l", text = "newer" }
      phone:pull { table = "list", query_id = "all" }
      phone:pull { table = "item", query_id = "all" }
      sim.expect(phone:table("list"):count()):equals(1)
      sim.expect(phone:table("item"):count()):equals(case.finds and 0 or 1)
      world:settle()
    end,
  }
end
