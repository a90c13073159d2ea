local sim = require "syncsim"

-- A push is cancelled while a request is on its way, and then the request gets no answer. Which of the two is the push's status?
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    run = function(world)
      local status
      local phone = world:client {
        name = "phone", dialect = case.dialect, timeout = "5 s",
        on_push_complete = function(result) status = result.status end,
      }
      phone:table("todoitem"):insert { id = "a", text = "mine" }
      world:link(phone):drop_next { what = "request" }
      local push = world:spawn(function() return phone:push() end)
      world:sleep "1 s"
      push:cancel()
      sim.fails("cancelled", push:join())
      world:sleep "10 s"
      sim.expect(status):equals(case.status)
      sim.expect(phone:push().status):equals "Complete"
    end,
  }
end
