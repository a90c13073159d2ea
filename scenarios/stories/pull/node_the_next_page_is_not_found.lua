local sim = require "syncsim"

-- The Link header names no port and no path.
return sim.story {
  name = "node: the link to the next page leads nowhere, so a classic client pulls one page and fails, at every pull",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "node" },
  run = function(world)
    local phone = world:client { name = "phone" }
    for i = 1, 60 do
      world.server:table("todoitem"):insert { id = "r" .. i, text = "theirs" }
      world:sleep "10 ms"
    end
    sim.fails("http", phone:pull { table = "todoitem", query_id = "all" })
    sim.expect(phone:table("todoitem"):count()):equals(50)
    phone:pull { table = "todoitem", query_id = "all" }
    sim.expect(phone:table("todoitem"):count()):why("fewer rows than a page: there is no link"):equals(60)
  end,
}
