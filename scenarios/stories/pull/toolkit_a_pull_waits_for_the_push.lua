local sim = require "syncsim"

return sim.story {
  name = "toolkit: a pull that is asked for while a push runs waits for it, and finds nothing pending then",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "toolkit" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "toolkit", latency = "1 s" }
    phone:table("todoitem"):insert { id = "a", text = "mine" }
    local push = world:spawn(function() return phone:push() end)
    world:sleep "500 ms"
    sim.expect(phone:pull "todoitem"):equals(1)
    sim.expect(push:join().completed):equals(1)
    local methods = {}
    for _, request in ipairs(world.server:requests()) do methods[#methods + 1] = request.method end
    sim.expect(methods):equals { "insert", "query" }
  end,
}
