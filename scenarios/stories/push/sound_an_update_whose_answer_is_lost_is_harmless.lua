local sim = require "syncsim"

-- The twin of an_update_whose_answer_is_lost_conflicts_with_itself.lua.
return sim.story {
  name = "sound: an update whose answer was lost is recognised when it comes again, and conflicts with nobody",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", timeout = "5 s" }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    phone:pull "todoitem"
    phone:table("todoitem"):update { id = "a", text = "mine" }
    world:link(phone):drop_next { what = "response" }
    sim.fails("push_failed", phone:push())
    local version = world.server:table("todoitem"):lookup("a").version
    sim.expect(phone:push()):has { completed = 1, errors = {} }
    sim.expect(world.server:table("todoitem"):lookup "a"):why("done once"):has { text = "mine", version = version }
    sim.expect(phone:table("todoitem"):lookup "a"):has { version = version }
  end,
}
