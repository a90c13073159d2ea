local sim = require "syncsim"

-- The twin of dialects/android_misreads_a_trimmed_fraction.lua.
return sim.story {
  name = "sound: a token is a number that nobody formats, and at rest nothing comes again",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound" }
    world:sleep "300 ms"
    world.server:table("todoitem"):insert { id = "a", text = "x" }
    world:sleep "200 ms"
    world.server:table("todoitem"):insert { id = "b", text = "y" }
    phone:pull { table = "todoitem", query_id = "all" }
    sim.expect(phone:table("todoitem"):count()):equals(2)
    for _ = 1, 2 do
      phone:pull { table = "todoitem", query_id = "all" }
      local requests = world.server:requests()
      sim.expect(requests[#requests].rows):equals(0)
    end
  end,
}
