-- To the JavaScript client everything but 409 and 412 is an error, a delete's 404 too: it ends the push, and the queue stays
-- blocked until onError gives the operation up (protocol.md 6.2, edge 30).
local sim = require "syncsim"

return sim.story {
  name = "an error stops the push unless it is handled (mobile-apps-js)",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local gives_up = false
    local phone = world:client { name = "phone", dialect = "mobile-apps-js", on_error = function(problem)
      sim.expect(problem.status):equals(404)
      if gives_up then return problem:cancel() end
    end }
    local server = world.server:table "todoitem"
    server:insert { id = "a", text = "first" }
    phone:pull "todoitem"
    server:delete "a"
    phone:table("todoitem"):delete "a"
    phone:table("todoitem"):insert { id = "b", text = "mine" }

    local pushed, _, code, result = phone:push()
    sim.expect(pushed):is_nil()
    sim.expect(code):equals "push_failed"
    sim.expect(result.errors[1]):has { kind = "delete", id = "a", status = 404 }
    sim.expect(phone:pending()):equals(2)
    sim.expect(server:lookup "b"):is_nil()

    gives_up = true
    phone:push()
    sim.expect(phone:pending()):equals(0)
    sim.expect(server:lookup "b"):has { text = "mine" }
  end,
}
