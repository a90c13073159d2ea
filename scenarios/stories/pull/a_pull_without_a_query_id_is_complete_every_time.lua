local sim = require "syncsim"

return sim.story {
  name = "a pull with a null query id opts out of incremental sync: all rows, every time",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    for i = 1, 3 do world.server:table("todoitem"):insert { id = "r" .. i, text = "row" } end
    sim.expect(phone:pull "todoitem"):equals(3)
    world:sleep "1 h"
    sim.expect(phone:pull "todoitem"):equals(3)
    for _, request in ipairs(world.server:requests()) do
      sim.expect(request.query:find("updatedAt", 1, true)):why("no token is sent"):is_nil()
    end
  end,
}
