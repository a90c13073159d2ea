local sim = require "syncsim"

return sim.story {
  name = "android: rows that were purged do not come back, and no purge can be forced",
  tables = { todoitem = { text = "string" } },
  dialects = { "mobile-apps-android" },
  run = function(world)
    local phone = world:client { name = "phone" }
    local query = { table = "todoitem", query_id = "all" }
    for i = 1, 2 do
      world.server:table("todoitem"):insert { id = "row" .. i, text = "x" }
      world:sleep "1 s"
    end
    phone:pull(query)
    phone:purge(query)
    phone:pull(query)
    sim.expect(phone:table("todoitem"):count()):why("the row at the token alone"):equals(1)
    phone:table("todoitem"):insert { id = "new", text = "y" }
    sim.fails("state", phone:purge { table = "todoitem", force = true })
  end,
}
