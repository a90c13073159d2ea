local sim = require "syncsim"

return sim.story {
  name = "the latest updatedAt is stored for each page, so an interrupted pull goes on where it was",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", latency = "100 ms" }
    for i = 1, 6 do
      world.server:table("todoitem"):insert { id = "r" .. i, text = "row" }
      world:sleep "10 ms"
    end
    local query = { table = "todoitem", query_id = "all", page_size = 2 }
    local pull = world:spawn(function() return phone:pull(query) end)
    world:eventually(function() return phone:table("todoitem"):count() == 3 end, "1 min")
    phone:offline()
    local _, _, code = pull:join()
    sim.expect(code):why("the answer was on its way when the connection broke"):equals "timeout"

    phone:online()
    local before = #world.server:requests()
    phone:pull(query)
    sim.expect(world.server:requests()[before + 1].query):why("not from 1970 again"):contains "updatedAt ge 2026-"
    sim.expect(phone:table("todoitem"):count()):equals(6)
  end,
}
