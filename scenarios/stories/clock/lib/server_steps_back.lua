-- The server's clock steps back between two writes, as after a repair by NTP or a fail-over to another machine.
local sim = require "syncsim"

return function(options)
  return sim.story {
    name = options.name,
    tables = { todoitem = { text = "string" } },
    server = { dialect = options.server },
    finds = options.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = options.dialect }
      local side = world.server:table("todoitem")
      side:insert { id = "a", text = "before" }
      world:sleep "1 min"
      side:insert { id = "b", text = "before" }
      phone:pull { table = "todoitem", query_id = "all" }
      world.server:clock { step = "-30 s" }
      side:update { id = "a", text = "after" }
      phone:pull { table = "todoitem", query_id = "all" }
      sim.expect(phone:table("todoitem"):lookup "a"):has { text = options.expected }
      world:settle()
    end,
  }
end
