local sim = require "syncsim"

return sim.story {
  name = "mobile-apps: a row whose insert lost the answer cannot be deleted before another push tells what became of it",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:table("todoitem"):insert { id = "a", text = "mine" }
    world:link(phone):drop_next { what = "request" }
    sim.fails("push_failed", phone:push())
    sim.fails("state", phone:table("todoitem"):delete "a")
    sim.expect(phone:table("todoitem"):lookup "a"):has { text = "mine" }
    phone:push()
    phone:table("todoitem"):delete "a"
    phone:push()
    sim.expect(world.server:table("todoitem"):lookup "a"):is_nil()
  end,
}
