local sim = require "syncsim"

-- The user's object was read before the push; its version goes over the one that the push brought.
return sim.story {
  name = "mobile-apps: an edit that waited for a push and carries the version from before it gets 412 at the next push",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", latency = "1 s" }
    local todo = phone:table "todoitem"
    world.server:table("todoitem"):insert { id = "a", text = "zero" }
    phone:pull "todoitem"
    todo:update { id = "a", text = "one" }
    local object = todo:lookup "a"
    local push = world:spawn(function() return phone:push() end)
    world:sleep "500 ms"
    object.text = "two"
    todo:update(object)
    sim.expect(push:join().completed):equals(1)

    local _, _, _, result = phone:push()
    sim.expect(result.errors[1]):has { id = "a", status = 412 }
    sim.expect(result.errors[1].server):why("nobody else wrote"):has { text = "one" }
    result.errors[1]:update_operation { id = "a", version = result.errors[1].server.version }
    sim.expect(phone:push().status):equals "Complete"
    sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "two" }
  end,
}
