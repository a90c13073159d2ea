local sim = require "syncsim"

return sim.story {
  name = "a notice that comes twice makes a device pull, and changes nothing the second time",
  tables = { todoitem = { text = "string" } },
  server = { notify = true },
  dialects = { "mobile-apps", "sound" },
  run = function(world)
    local phone = world:client { name = "phone" }
    local tablet = world:client { name = "tablet", pull_on_notice = true }
    tablet:pull { table = "todoitem", query_id = "all" }
    world:link(tablet):fail_next { fault = "notice-doubled" }
    phone:table("todoitem"):insert { id = "milk", text = "milk" }
    phone:push()
    world:sleep "10 min"
    sim.expect(tablet:table("todoitem"):lookup "milk"):has { text = "milk" }
    sim.expect(tablet:table("todoitem"):count()):equals(1)
  end,
}
