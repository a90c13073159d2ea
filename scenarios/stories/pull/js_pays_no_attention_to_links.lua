local sim = require "syncsim"

return sim.story {
  name = "mobile-apps-js against node: the client does not look at links, so a broken one does no harm",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "mobile-apps-js" }
    for i = 1, 60 do
      world.server:table("todoitem"):insert { id = "r" .. i, text = "theirs" }
      world:sleep "10 ms"
    end
    phone:pull { table = "todoitem", query_id = "all" }
    sim.expect(phone:table("todoitem"):count()):equals(60)
  end,
}
