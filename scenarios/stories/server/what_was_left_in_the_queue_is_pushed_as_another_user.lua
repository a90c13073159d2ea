-- The queue belongs to the app, not to the user: what one left in it is sent with the token of whoever logs in next.
local sim = require "syncsim"

return sim.story {
  name = "what was left in the queue is pushed as another user",
  tables = { diary = { columns = { text = "string" }, authorize = true } },
  dialects = "all",
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:login "ann"
    phone:offline()
    phone:table("diary"):insert { id = "monday", text = "dear diary" }
    phone:logout()
    phone:online()
    phone:login "bob"
    phone:push()
    sim.expect(world.server:table("diary"):lookup "monday"):has { text = "dear diary" }
    sim.expect(world.server:requests()[1].user):equals "bob"
  end,
}
