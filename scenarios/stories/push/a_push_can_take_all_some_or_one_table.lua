local sim = require "syncsim"

return sim.story {
  name = "a push takes all tables, a list of them, or one",
  tables = { a = { text = "string" }, b = { text = "string" }, c = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    local function write()
      for _, name in ipairs { "a", "b", "c" } do phone:table(name):insert { text = "new" } end
    end
    write()
    phone:push "b"
    sim.expect { phone:pending "a", phone:pending "b", phone:pending "c" }:equals { 1, 0, 1 }
    write()
    phone:push("a", "b")
    sim.expect { phone:pending "a", phone:pending "b", phone:pending "c" }:equals { 0, 0, 2 }
    phone:push()
    sim.expect(phone:pending()):equals(0)
    sim.expect(world.server:table("c"):count()):equals(2)
  end,
}
