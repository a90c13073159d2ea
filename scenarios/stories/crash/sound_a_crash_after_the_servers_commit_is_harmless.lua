local sim = require "syncsim"

return sim.story {
  name = "sound: an insert that is sent again after a crash behind the server's commit is recognised",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", store = "sqlite", latency = "100 ms" }
    phone:table("todoitem"):insert { id = "a", text = "mine" }
    local push = world:spawn(function() return phone:push() end)
    world:eventually(function() return world.server:table("todoitem"):count() == 1 end, "10 s")
    phone:crash()
    push:join()
    phone:restart()
    sim.expect(phone:push()):has { status = "Complete", completed = 1 }
    sim.expect(world.server:table("todoitem"):count()):equals(1)
  end,
}
