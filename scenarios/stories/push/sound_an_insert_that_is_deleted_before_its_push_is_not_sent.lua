local sim = require "syncsim"

-- The twin of an_operation_can_vanish_before_its_lock_is_taken.lua: nothing waits, so nothing can happen in between.
return sim.story {
  name = "sound: an insert that is deleted while a pull runs vanishes at once, and the push that waits for the pull has nothing to do",
  tables = { list = { text = "string" }, item = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", latency = "1 s" }
    phone:table("item"):insert { id = "a", text = "short-lived" }
    local pull = world:spawn(function() return phone:pull "list" end)
    world:sleep "100 ms"
    phone:table("list"):insert { id = "a", text = "does not wait" }
    local push = world:spawn(function() return phone:push() end)
    sim.expect(phone:table("item"):delete "a"):equals(true)
    pull:join()
    sim.expect(push:join()):has { status = "Complete", completed = 1, errors = {} }
    sim.expect(world.server:table("item"):count()):equals(0)
    sim.expect(world.server:table("list"):count()):equals(1)
  end,
}
