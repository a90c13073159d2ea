local sim = require "syncsim"

-- The push looks at an operation before it locks its item, and not again afterwards. Locks of items go by id alone:
--
--   pull of list    holds list ----------- ends
--   insert list/a   holds a, waits for list ---- goes on
--   delete item/a   waits for a ---------------------- goes on: the pending insert of item/a vanishes
--   push            waits for the pull ---- sees the insert of item/a, waits for a -- has it, and no row
return sim.story {
  name = "mobile-apps: an insert that a delete takes away while its push waits for the item leaves an error that nothing can resolve",
  tables = { list = { text = "string" }, item = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", latency = "1 s" }
    phone:table("item"):insert { id = "a", text = "short-lived" }
    local pull = world:spawn(function() return phone:pull "list" end)
    world:sleep "100 ms"
    local insert = world:spawn(function() return phone:table("list"):insert { id = "a", text = "waits for the pull" } end)
    world:sleep "100 ms"
    local delete = world:spawn(function() return phone:table("item"):delete "a" end)
    local push = world:spawn(function() return phone:push() end)
    pull:join()
    insert:join()
    sim.expect(delete:join()):equals(true)

    local _, _, code, result = push:join()
    sim.expect(code):equals "push_failed"
    sim.expect(result.errors):has_length(1)
    sim.expect(result.errors[1]):has { table = "item", id = "a", status = 0, item = { id = "a" } }
    sim.fails("state", result.errors[1]:cancel_and_discard())
    sim.expect(world.server:table("item"):count()):equals(0)
  end,
}
