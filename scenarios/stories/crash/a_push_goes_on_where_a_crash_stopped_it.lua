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
    local before = #world.server:requests()
    phone:push()
    local sent = {}
    for i, request in ipairs(world.server:requests()) do
      if i > before then sent[#sent + 1] = request.id end
    end
    sim.expect(sent):equals { "b", "c" }
    sim.expect(world.server:table("todoitem"):count()):equals(3)
  end,
}
