local sim = require "syncsim"

return sim.story {
  name = "a delegating handler sees every request and response of the client",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", latency = "50 ms" }
    phone:table("todoitem"):insert { id = "a", text = "logged" }
    phone:push()
    phone:table("todoitem"):update { id = "a", text = "never answered" }
    world:link(phone):drop_next { what = "request" }
    phone:push()

    local log = phone:traffic()
    sim.expect(log):has_length(2)
    sim.expect(log[1]):has { method = "insert", table = "todoitem", id = "a", status = 201, result = "ok" }
    sim.expect(log[1].row):has { text = "logged" }
    sim.expect(log[1].answered_ns - log[1].sent_ns):at_least(100000000)
    sim.expect(log[2]):has { method = "update", if_match = world.server:table("todoitem"):lookup("a").version, status = 0, result = "timeout" }
  end,
}
