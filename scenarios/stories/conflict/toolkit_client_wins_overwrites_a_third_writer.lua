local sim = require "syncsim"

-- The resolver's resend carries no If-Match: whoever wrote between the 412 and the resend is gone without a word.
return sim.story {
  name = "toolkit: the client-wins resend is unconditional and overwrites a third writer",
  finds = { checker = "conditional_write", row = "a" },
  tables = { todoitem = { text = "string" } },
  server = { dialect = "toolkit" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "toolkit", policy = "client_wins", latency = "1 s" }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    phone:pull "todoitem"
    world.server:table("todoitem"):update { id = "a", text = "second writer" }
    phone:table("todoitem"):update { id = "a", text = "phone's" }
    local push = world:spawn(function() return phone:push() end)
    world:sleep "1500 ms"
    world.server:table("todoitem"):update { id = "a", text = "third writer" }
    sim.expect(push:join().errors):has_length(0)

    local requests = {}
    for _, request in ipairs(world.server:requests()) do
      if request.method == "replace" then requests[#requests + 1] = request.status .. (request.if_match == "" and " blind" or " checked") end
    end
    sim.expect(requests):equals { "412 checked", "200 blind" }
    sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "phone's" }
  end,
}
