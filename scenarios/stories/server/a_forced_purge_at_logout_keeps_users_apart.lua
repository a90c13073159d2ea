-- What an app has to do when somebody logs out: throw away what is pending and what was pulled.
local sim = require "syncsim"

return sim.story {
  name = "a forced purge at logout keeps users apart",
  tables = { diary = { columns = { text = "string" }, authorize = true } },
  dialects = { "mobile-apps", "sound" },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:login "ann"
    phone:offline()
    phone:table("diary"):insert { id = "monday", text = "dear diary" }
    phone:purge { table = "diary", force = true }
    phone:logout()
    phone:online()
    phone:login "bob"
    phone:push()
    sim.expect(phone:table("diary"):count()):equals(0)
    sim.expect(world.server:table("diary"):count()):equals(0)
  end,
}
