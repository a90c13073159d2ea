local sim = require "syncsim"

-- A row has the id "1", and the first operation of the queue is a delete of another row that conflicts; the client wins.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    finds = case.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect, policy = "client_wins" }
      local office = world.server:table "todoitem"
      for _, id in ipairs { "1", "b", "last" } do
        office:insert { id = id, text = "theirs" }
        world:sleep "1 s"
      end
      phone:pull { table = "todoitem", query_id = "all" }
      phone:table("todoitem"):delete "b"
      office:update { id = "b", text = "newer" }
      sim.expect(phone:push()):has { completed = 1, errors = {} }
      sim.expect(office:lookup "b"):is_nil()
      if case.finds then
        sim.expect(phone:table("todoitem"):lookup "1"):why("gone with the operation 1"):is_nil()
      else
        sim.expect(phone:table("todoitem"):lookup "1"):has { text = "theirs" }
      end
      world:settle()
    end,
  }
end
