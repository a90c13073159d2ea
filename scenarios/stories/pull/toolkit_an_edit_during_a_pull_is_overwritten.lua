local sim = require "syncsim"

-- Nothing is locked while the pages come, and rows are copied over whatever is there: what the user sees is the old text again.
return sim.story {
  name = "toolkit: an edit made while a pull is under way is overwritten in the local store; its operation still holds it",
  finds = { checker = "read_your_writes", row = "a" },
  tables = { todoitem = { text = "string" } },
  server = { dialect = "toolkit" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "toolkit", latency = "1 s" }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    phone:pull { table = "todoitem", where = { text = "old" } }
    local pull = world:spawn(function() return phone:pull "todoitem" end)
    world:sleep "500 ms"
    phone:table("todoitem"):update { id = "a", text = "mine" }
    pull:join()
    sim.expect(phone:table("todoitem"):lookup "a"):has { text = "old" }

    phone:push()
    sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "mine" }
  end,
}
