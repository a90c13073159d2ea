local sim = require "syncsim"

-- Three clients, twenty operations each, pushed and pulled in between, settled at the end.
return function(store)
  return sim.world {
    name = "a short run on " .. store,
    tables = { todoitem = { text = "string", rank = "integer" } },
    run = function(world)
      local tasks = {}
      for number = 1, 3 do
        local client = world:client { name = "c" .. number, dialect = "sound", store = store, policy = "client_wins", latency = "20 ms", latency_spread = "5 ms" }
        tasks[number] = world:spawn(function()
          local todo = client:table "todoitem"
          for step = 1, 20 do
            local id = "row" .. world:choose("row", 8, number, step)
            if todo:lookup(id) then
              todo:update { id = id, rank = step }
            else
              todo:insert { id = id, text = "short", rank = step }
            end
            if step % 5 == 0 then
              client:push()
              client:pull { table = "todoitem", query_id = "all" }
            end
          end
        end)
      end
      for _, task in ipairs(tasks) do task:join() end
      world:settle()
    end,
  }
end
