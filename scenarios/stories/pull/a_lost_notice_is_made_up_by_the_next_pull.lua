local sim = require "syncsim"

return sim.story {
  name = "a silent push that is lost leaves the device stale until it pulls for another reason",
  tables = { todoitem = { text = "string" } },
  server = { notify = true },
  run = function(world)
    local phone = world:client { name = "phone" }
    local tablet = world:client { name = "tablet", pull_on_notice = true }
    tablet:pull { table = "todoitem", query_id = "all" }
    world:link(tablet):drop_next { what = "notice" }
    phone:table("todoitem"):insert { id = "a", text = "unheard" }
    phone:push()
    world:sleep "1 h"
    sim.expect(tablet:table("todoitem"):count()):equals(0)

    world:sleep "1 s"
    phone:table("todoitem"):insert { id = "b", text = "heard" }
    phone:push()
    world:eventually(function() return tablet:table("todoitem"):count() == 2 end, "1 min")
  end,
}
