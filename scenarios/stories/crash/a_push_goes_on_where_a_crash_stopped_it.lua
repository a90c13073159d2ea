local sim = require "syncsim"

return sim.story {
  name = "a push that a crash interrupted between two operations goes on with the second one",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", store = "sqlite", latency = "100 ms" }
    for _, id in ipairs { "a", "b", "c" } do phone:table("todoitem"):insert { id = id, text = "mine" } end
    local push = world:spawn(function() return phone:push() end)
    world:eventually(function() return phone:pending() == 2 end, "10 s")
    phone:crash()
    local _, _, code = push:join()
    sim.expect(code):equals "crashed"

    phone:restart()
    local left = {}
    for _, op in ipairs(phone:queue()) do left[#left + 1] = op.id end
    sim.expect(left):equals { "b", "c" }
  end,
}
