local sim = require "syncsim"

-- The push has taken its operation and waits for the lock of the item, which an insert into another table holds (locks go by id
-- alone) while a pull of that table runs.
return sim.story {
  name = "mobile-apps: a push that is cancelled while it waits for an item sends nothing",
  tables = { list = { text = "string" }, item = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", latency = "1 s" }
    phone:table("item"):insert { id = "a", text = "mine" }
    local pull = world:spawn(function() return phone:pull "list" end)
    world:sleep "100 ms"
    local insert = world:spawn(function() return phone:table("list"):insert { id = "a", text = "waits for the pull" } end)
    world:sleep "100 ms"
    local push = world:spawn(function() return phone:push "item" end)
    world:sleep "1 s"
    push:cancel()
    sim.fails("cancelled", push:join())
    pull:join()
    insert:join()
    world:sleep "10 s"
    local methods = {}
    for _, request in ipairs(world.server:requests()) do methods[#methods + 1] = request.method end
    sim.expect(methods):equals { "query" }
    sim.expect(phone:queue()[1]):has { table = "item", state = "pending" }
    sim.expect(phone:push().completed):equals(2)
  end,
}
