local sim = require "syncsim"

-- A purge that keeps some rows takes the token away; one of the rows that were kept is deleted on the server before the next pull.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string", done = "boolean" } },
    finds = case.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      local office = world.server:table "todoitem"
      office:insert { id = "kept", text = "open", done = false }
      office:insert { id = "gone", text = "done", done = true }
      phone:pull { table = "todoitem", query_id = "all" }
      sim.expect(phone:purge { table = "todoitem", query_id = "all", where = { done = true } }):equals(1)
      office:delete "kept"
      world:sleep "1 s"
      office:update { id = "gone", text = "again" }
      phone:pull { table = "todoitem", query_id = "all" }
      sim.expect(phone:table("todoitem"):lookup "gone"):has { text = "again" }
      local row = phone:table("todoitem"):lookup "kept"
      if case.finds then sim.expect(row):has { text = "open" } else sim.expect(row):is_nil() end
      world:settle()
    end,
  }
end
