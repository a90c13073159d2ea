local sim = require "syncsim"

-- An update is on its way when its row is edited again; its answer is lost. What is in the queue, and what is sent next?
return function(case)
  return sim.story {
    name = case.name,
    finds = case.finds,
    tables = { todoitem = { text = "string" } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect, timeout = "5 s" }
      world.server:table("todoitem"):insert { id = "a", text = "old" }
      phone:pull "todoitem"
      phone:table("todoitem"):update { id = "a", text = "first" }
      world:link(phone):drop_next { what = "response" }
      local push = world:spawn(function() return phone:push() end)
      world:sleep "1 s"
      phone:table("todoitem"):update { id = "a", text = "second" }
      push:join()
      sim.expect(phone:queue()):has_length(2)

      local before = #world.server:requests()
      local result, _, _, failed = phone:push()
      local statuses, texts = {}, {}
      for i, request in ipairs(world.server:requests()) do
        if i > before then statuses[#statuses + 1] = request.status end
      end
      for _, one in ipairs(phone:traffic()) do
        if one.method ~= "query" then texts[#texts + 1] = one.row.text end
      end
      sim.expect(texts):equals(case.sent)
      sim.expect(statuses):equals(case.statuses)
      sim.expect(#(result or failed).errors):equals(case.errors)
      sim.expect(world.server:table("todoitem"):lookup "a"):has { text = case.stays }
    end,
  }
end
