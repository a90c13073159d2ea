-- A handler of the JavaScript client that says "handled" without resolving anything is asked five times in one push; the sixth
-- failure stands, and the push goes on with the next operation (protocol.md 6.2).
local sim = require "syncsim"

return sim.story {
  name = "a conflict is asked about five times (mobile-apps-js)",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local asked = 0
    local phone = world:client { name = "phone", dialect = "mobile-apps-js", policy = function(conflict)
      asked = asked + 1
      return conflict:retry()
    end }
    local server = world.server:table "todoitem"
    server:insert { id = "a", text = "first" }
    phone:pull "todoitem"
    server:update { id = "a", text = "theirs" }
    phone:table("todoitem"):update { id = "a", text = "mine" }
    phone:table("todoitem"):insert { id = "b", text = "mine" }

    local result = phone:push()
    sim.expect(asked):equals(5)
    sim.expect(#result.errors):equals(1)
    sim.expect(result.errors[1].status):equals(412)
    sim.expect(server:lookup "b"):has { text = "mine" }
    sim.expect(phone:pending()):equals(1)
    result.errors[1]:cancel()                                          -- for settle, which pushes again
  end,
}
