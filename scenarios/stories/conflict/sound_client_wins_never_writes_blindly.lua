local sim = require "syncsim"

return sim.story {
  name = "sound: client wins asks again for every version that it overwrites",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", policy = "client_wins", latency = "1 s" }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    phone:pull { table = "todoitem", query_id = "all" }
    world.server:table("todoitem"):update { id = "a", text = "second writer" }
    phone:table("todoitem"):update { id = "a", text = "phone's" }
    local push = world:spawn(function() return phone:push() end)
    world:sleep "1500 ms"
    world.server:table("todoitem"):update { id = "a", text = "third writer" }
    sim.expect(push:join().status):equals "Complete"
    local statuses = {}
    for _, request in ipairs(world.server:requests()) do
      if request.method == "update" then
        statuses[#statuses + 1] = request.status
        sim.expect(request.if_match):matches "."
      end
    end
    sim.expect(statuses):equals { 412, 412, 200 }
  end,
}
