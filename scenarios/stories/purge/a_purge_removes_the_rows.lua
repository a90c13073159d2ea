local sim = require "syncsim"

return sim.story {
  name = "a purge removes all local rows, or those of a query, and tells the server nothing",
  tables = { todoitem = { text = "string", complete = "boolean" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    for i = 1, 4 do world.server:table("todoitem"):insert { id = "r" .. i, text = "row", complete = i > 2 } end
    phone:pull "todoitem"
    local before = #world.server:requests()
    sim.expect(phone:purge { table = "todoitem", where = { complete = true } }):equals(2)
    sim.expect(phone:table("todoitem"):count()):equals(2)
    phone:purge "todoitem"
    sim.expect(phone:table("todoitem"):count()):equals(0)
    sim.expect(world.server:requests()):has_length(before)
    sim.expect(world.server:table("todoitem"):count()):equals(4)
  end,
}
