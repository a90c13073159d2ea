local sim = require "syncsim"

-- Every kind of write to a local store, one after the other, for `syncsim crash`: a step that the process did not survive is not repeated,
-- what became of it is the engine's business.
return sim.world {
  name = "one device edits, pushes, pulls and purges over a SQLite store",
  tables = { todoitem = { text = "string", n = "integer" } },
  run = function(world)
    local phone = world:client { name = "phone", store = "sqlite", policy = "client_wins", timeout = "5 s" }
    local todo, office = phone:table "todoitem", world.server:table "todoitem"
    local all = { table = "todoitem", query_id = "all" }

    local function during(verb, edit)
      local running = world:spawn(verb)
      world:sleep "30 ms"
      edit()
      running:join()
    end

    todo:insert { id = "milk", text = "one", n = 1 }
    todo:insert { id = "bread", text = "one", n = 1 }
    todo:update { id = "milk", text = "two" }
    todo:insert { id = "stamps", text = "one" }
    todo:delete "stamps"
    phone:push()
    office:insert { id = "eggs", text = "theirs", n = 3 }
    phone:pull(all)
    office:update { id = "eggs", n = 7 }
    todo:update { id = "eggs", text = "over a newer row" }
    todo:delete "bread"
    during(function() phone:push() end, function() todo:update { id = "milk", text = "while it is sent" } end)
    office:insert { id = "salt", text = "theirs", n = 4 }
    during(function() phone:pull(all) end, function() todo:insert { id = "rice", text = "during a pull", n = 5 } end)
    phone:push()
    phone:pull(all)
    phone:purge(all)
    phone:pull(all)
    todo:update { id = "salt", n = 8 }
    phone:push()
    world:settle()
  end,
}
