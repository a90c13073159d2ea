local sim = require "syncsim"

return sim.story {
  name = "datasync: an app hears of each row before and after it is stored, and that a broken pull was a success",
  tables = { todoitem = { text = "string" } },
  server = { page_size = 1 },
  dialects = { "datasync" },
  run = function(world)
    local phone = world:client { name = "phone", latency = "1 s" }
    for _, id in ipairs { "a", "b" } do
      world.server:table("todoitem"):insert { id = id, text = id }
      world:sleep "1 s"
    end
    local pull = world:spawn(function() return phone:pull "todoitem" end)
    world:eventually(function() return phone:table("todoitem"):count() == 1 end, "1 min")
    phone:offline()
    local count, message, code = pull:join()
    sim.fails("timeout", count, message, code)
    local heard = {}
    for i, one in ipairs(phone:progress()) do heard[i] = one.event .. " " .. one.id end
    sim.expect(heard):equals { "PullStarted ", "ItemWillBeStored a", "ItemWasStored a", "PullFinished " }
    sim.expect(phone:progress()[4]):has { successful = true }
  end,
}
