local sim = require "syncsim"

return sim.story {
  name = "mobile-apps: after a crash that comes behind the server's commit the insert is sent again and gets 409",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", store = "sqlite", latency = "100 ms" }
    phone:table("todoitem"):insert { id = "a", text = "mine" }
    local push = world:spawn(function() return phone:push() end)
    world:eventually(function() return world.server:table("todoitem"):count() == 1 end, "10 s")
    phone:crash()
    push:join()
    phone:restart()

    sim.expect(phone:queue()[1]):has { kind = "insert", state = "attempted" }
    local _, _, _, result = phone:push()
    sim.expect(result.errors[1]):has { id = "a", status = 409 }
    sim.fails("state", phone:table("todoitem"):delete "a")
    result.errors[1]:cancel_and_discard()
    phone:pull "todoitem"
    sim.expect(phone:table("todoitem"):lookup "a"):has { text = "mine" }
  end,
}
