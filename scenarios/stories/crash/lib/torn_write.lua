local sim = require "syncsim"

-- The process dies at each store write of one local insert in turn, until an insert goes through.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    server = { dialect = case.dialect == "sound" and "sound" or "netfx" },
    finds = case.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect, store = "sqlite" }
      phone:crash_at { write = case.finds and 2 or 3 }
      local _, _, code = phone:table("todoitem"):insert { id = "a", text = "half written" }
      sim.expect(code):equals "crashed"
      phone:restart()

      sim.expect(phone:table("todoitem"):count()):equals(case.finds and 1 or 0)
      sim.expect(phone:pending()):why("no queue entry"):equals(0)
      phone:pull { table = "todoitem", query_id = "all" }
      world:settle()
      sim.expect(world.server:table("todoitem"):count()):equals(0)
    end,
  }
end
