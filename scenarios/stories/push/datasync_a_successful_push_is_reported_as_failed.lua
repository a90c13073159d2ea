local sim = require "syncsim"

return sim.story {
  name = "datasync: the progress event at the end of a push says that it failed when it went well, and the other way round",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "datasync", timeout = "5 s" }
    phone:table("todoitem"):insert { id = "a", text = "mine" }
    sim.expect(phone:push().status):equals "Complete"
    local heard = phone:progress()
    sim.expect(heard[#heard]):has { event = "PushFinished", successful = false }

    phone:table("todoitem"):insert { id = "b", text = "mine" }
    phone:offline()
    sim.fails("push_failed", phone:push())
    heard = phone:progress()
    sim.expect(heard[#heard]):has { event = "PushFinished", successful = true }
  end,
}
