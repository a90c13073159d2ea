local sim = require "syncsim"

return sim.story {
  name = "a silent push makes the other device pull, and not the one that made the change",
  tables = { todoitem = { text = "string" } },
  server = { notify = true },
  run = function(world)
    local phone = world:client { name = "phone", pull_on_notice = true }
    local tablet = world:client { name = "tablet", pull_on_notice = true }
    phone:pull { table = "todoitem", query_id = "all" }
    tablet:pull { table = "todoitem", query_id = "all" }
    local before = #world.server:requests()

    phone:table("todoitem"):insert { id = "a", text = "hello" }
    phone:push()
    world:eventually(function() return tablet:table("todoitem"):count() == 1 end, "1 min")
    world:sleep "1 min"
    for i, request in ipairs(world.server:requests()) do
      if i > before and request.method == "query" then sim.expect(request.from):equals "tablet" end
    end
  end,
}
