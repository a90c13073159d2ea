local sim = require "syncsim"

return sim.story {
  name = "a column that the server lacks is not stored there, and the answer leaves the local value alone",
  tables = { todoitem = { text = "string", note = "string" } },
  server = { tables = { todoitem = { text = "string" } } },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:table("todoitem"):insert { id = "a", text = "shared", note = "only here" }
    sim.expect(phone:push().status):equals "Complete"

    sim.expect(world.server:table("todoitem"):lookup("a").note):is_nil()
    sim.expect(phone:table("todoitem"):lookup "a"):has { text = "shared", note = "only here" }
  end,
}
