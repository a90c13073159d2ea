local sim = require "syncsim"

-- The server is away when the insert is sent, a delete waits behind it, and the app discards the insert. Somebody else has made the row
-- meanwhile, which whoever deleted has not seen.
return sim.story {
  name = "sound: a delete behind an insert that is discarded does not remove what somebody else has inserted",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", policy = "server_wins" }
    local tablet = world:client { name = "tablet", dialect = "sound", policy = "server_wins" }
    phone:table("todoitem"):insert { id = "a", text = "phone's" }
    world.server:maintenance "1 min"
    local result, _, _, failed = phone:push()
    phone:table("todoitem"):delete "a"
    ;(result or failed).errors[1]:cancel_and_discard()
    sim.expect(phone:pending()):equals(1)

    world:sleep "1 min"
    tablet:table("todoitem"):insert { id = "a", text = "tablet's" }
    tablet:push()
    phone:push()
    sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "tablet's" }
    sim.expect(phone:table("todoitem"):lookup "a"):has { text = "tablet's" }
    world:settle()
  end,
}
