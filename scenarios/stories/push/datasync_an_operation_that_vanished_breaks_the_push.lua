local sim = require "syncsim"

-- Two pushes at once. The second one has taken item/a and waits for the lock of the id, which the first one holds for list/a. A delete
-- that waits before it takes item/a away.
return sim.story {
  name = "datasync: an operation that is gone when its turn comes breaks the push, whose status is Complete all the same",
  tables = { list = { text = "string" }, item = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "datasync", latency = "1 s" }
    phone:table("item"):insert { id = "a", text = "short-lived" }
    phone:table("list"):insert { id = "a", text = "mine" }
    local first = world:spawn(function() return phone:push "list" end)
    world:sleep "100 ms"
    local delete = world:spawn(function() return phone:table("item"):delete "a" end)
    local second = world:spawn(function() return phone:push "item" end)
    sim.expect(first:join().status):equals "Complete"
    sim.expect(delete:join()):equals(true)
    local _, _, code, result = second:join()
    sim.expect(code):equals "push_failed"
    sim.expect(result):has { status = "Complete", completed = 0, errors = {} }
    sim.expect(phone:push().status):equals "Complete"
  end,
}
