local sim = require "syncsim"

return sim.story {
  name = "a soft delete reaches the clients as a tombstone; a hard delete is never noticed",
  tables = {
    soft = { columns = { text = "string" }, soft_delete = true },
    hard = { columns = { text = "string" }, soft_delete = false },
  },
  finds = { checker = "convergence", row = "a" },
  run = function(world)
    local phone = world:client { name = "phone" }
    for _, name in ipairs { "soft", "hard" } do
      world.server:table(name):insert { id = "a", text = "here" }
      phone:pull { table = name, query_id = "all" }
      world:sleep "1 s"
      world.server:table(name):delete "a"
      phone:pull { table = name, query_id = "all" }
    end
    sim.expect(phone:table("soft"):lookup "a"):is_nil()
    sim.expect(phone:table("hard"):lookup "a"):has { text = "here" }
    world:settle()
    sim.expect(phone:table("hard"):lookup "a"):why("no tombstone, no removal"):has { text = "here" }
  end,
}
