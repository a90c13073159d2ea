local sim = require "syncsim"

return sim.story {
  name = "a pull that is cancelled keeps the pages that it stored, and the next one goes on behind them",
  tables = { todoitem = { text = "string" } },
  server = { page_size = 2 },
  run = function(world)
    local phone = world:client { name = "phone", latency = "1 s" }
    for i = 1, 4 do
      world.server:table("todoitem"):insert { id = "r" .. i, text = "theirs" }
      world:sleep "10 ms"
    end
    local query = { table = "todoitem", query_id = "all", page_size = 2 }
    local pull = world:spawn(function() return phone:pull(query) end)
    world:sleep "3 s"
    sim.expect(pull:cancel()):is_true()
    sim.fails("cancelled", pull:join())
    world:sleep "10 s"
    sim.expect(world.server:requests()):why "the second page was asked for; no third":has_length(2)
    sim.expect(phone:table("todoitem"):count()):equals(2)

    phone:pull(query)
    sim.expect(world.server:requests()[3].query):why "from the token of the first page":matches "ge 2026.01.01T00:00:00.010Z"
    sim.expect(phone:table("todoitem"):count()):equals(4)
  end,
}
