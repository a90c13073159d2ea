local sim = require "syncsim"

return sim.story {
  name = "with a query id an own ordering, skip, top or projection is refused before anything is sent",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    local function pull(query)
      query.table, query.query_id = "todoitem", "all"
      return phone:pull(query)
    end
    sim.fails("invalid", pull { order = "text" })
    sim.fails("invalid", pull { skip = 1 })
    sim.fails("invalid", pull { top = 1 })
    sim.fails("invalid", phone:pull { table = "todoitem", select = { "text" } })
    sim.fails("invalid", phone:pull { table = "todoitem", query_id = "with|a bar" })
    sim.expect(world.server:requests()):has_length(0)
    sim.expect(phone:pull { table = "todoitem", order = "text", top = 5 }):why("a full pull may order"):equals(0)
  end,
}
