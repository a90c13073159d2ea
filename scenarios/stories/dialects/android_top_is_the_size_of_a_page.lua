local sim = require "syncsim"

return sim.story {
  name = "android: $top of a pull is the size of its pages, and everything comes",
  tables = { todoitem = { text = "string" } },
  dialects = { "mobile-apps-android" },
  run = function(world)
    local phone = world:client { name = "phone" }
    for i = 1, 5 do world.server:table("todoitem"):insert { id = "row" .. i, text = "x" } end
    sim.expect(phone:pull { table = "todoitem", top = 2 }):equals(5)
    sim.expect(phone:table("todoitem"):count()):equals(5)
    local before = #world.server:requests()
    phone:pull "todoitem"
    sim.expect(world.server:requests()[before + 1].query):why("a pull without a query"):contains "1000"
  end,
}
