local sim = require "syncsim"

-- The app is taken back to a version that knows no notes, and then updated again. `keeps`: the notes are still there.
return function(case)
  return sim.story {
    name = case.name,
    finds = case.finds,
    tables = { todoitem = { text = "string", note = "string" } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect, store = "sqlite" }
      world.server:table("todoitem"):insert { id = "a", text = "milk", note = "two bottles" }
      world:sleep "1 s"
      phone:pull { table = "todoitem", query_id = "all" }

      phone:restart { tables = { todoitem = { text = "string" } } }
      local seen = phone:table("todoitem"):lookup "a"
      sim.expect { seen.text, seen.note == nil }:equals { "milk", true }
      phone:restart { tables = { todoitem = { text = "string", note = "string" } } }
      local note = sim.null
      if case.keeps then note = "two bottles" end
      sim.expect(phone:table("todoitem"):lookup "a"):has { text = "milk", note = note }
      world:settle()
    end,
  }
end
