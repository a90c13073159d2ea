local sim = require "syncsim"

return sim.story {
  name = "a local write keeps the version that the app gives, and drops createdAt, updatedAt and deleted; the server sets its own",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    local long_ago = sim.time "2001-01-01T00:00:00Z"
    phone:table("todoitem"):insert {
      id = "a", text = "mine", version = "made up", createdAt = long_ago, updatedAt = long_ago, deleted = true,
    }
    sim.expect(phone:table("todoitem"):lookup "a"):equals { id = "a", text = "mine", version = "made up" }
    phone:push()
    sim.expect(phone:traffic()[1].row):equals { id = "a", text = "mine" }
    local row = phone:table("todoitem"):lookup "a"
    sim.expect(row):has { version = world.server:table("todoitem"):lookup("a").version, deleted = false }
    sim.expect(row.createdAt == long_ago):is_false()
  end,
}
