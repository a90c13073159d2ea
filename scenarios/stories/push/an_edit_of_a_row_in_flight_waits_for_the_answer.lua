local sim = require "syncsim"

return sim.story {
  name = "mobile-apps: an edit of the row that is being pushed waits for the answer, whatever table it is in",
  tables = { todoitem = { text = "string" }, note = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", latency = "1 s" }
    phone:table("todoitem"):insert { id = "a", text = "one" }
    local push = world:spawn(function() return phone:push() end)
    world:sleep "500 ms"

    phone:table("note"):insert { id = "other", text = "another id does not wait" }
    sim.expect(world:now_ns()):at_most(510000000)
    phone:table("note"):insert { id = "a", text = "the lock is by id alone" }
    sim.expect(world:now_ns()):at_least(2000000000)
    push:join()
    phone:table("todoitem"):update { id = "a", text = "two" }
    phone:push()
    sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "two" }
  end,
}
