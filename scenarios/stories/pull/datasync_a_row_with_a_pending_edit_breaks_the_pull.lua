local sim = require "syncsim"

-- The table is clean when the pull begins; the edit is made while the second page is on its way.
return sim.story {
  name = "datasync: an edit made during a pull makes it throw when its row comes, and the progress event says that all went well",
  tables = { todoitem = { text = "string" } },
  server = { page_size = 2 },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "datasync", latency = "1 s" }
    for i = 1, 4 do
      world.server:table("todoitem"):insert { id = "r" .. i, text = "theirs" }
      world:sleep "10 ms"
    end
    phone:pull "todoitem"
    for i = 1, 4 do
      world.server:table("todoitem"):update { id = "r" .. i, text = "newer" }
      world:sleep "10 ms"
    end
    local pull = world:spawn(function() return phone:pull "todoitem" end)
    world:sleep "3 s"
    phone:table("todoitem"):update { id = "r4", text = "mine" }
    sim.fails("state", pull:join())
    local heard = phone:progress()
    sim.expect(heard[#heard]):has { event = "PullFinished", successful = true }
    sim.expect(phone:table("todoitem"):lookup "r3"):why("what came before it is stored"):has { text = "newer" }
    sim.expect(phone:table("todoitem"):lookup "r4"):has { text = "mine" }
  end,
}
