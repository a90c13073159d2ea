local sim = require "syncsim"

-- netfx writes half a second as ".5", and the client takes the digits for milliseconds: its token is 495 ms too early, and the rows
-- between come again with every pull.
return sim.story {
  name = "android: a token of half a second is read as 5 ms, so rows come again and again",
  tables = { todoitem = { text = "string" } },
  server = { clock = { resolution = "1 ms" } },
  dialects = { { client = "mobile-apps-android", server = "netfx" } },
  run = function(world)
    local phone = world:client { name = "phone", latency = "0 s" }
    local query = { table = "todoitem", query_id = "all" }
    world:sleep "300 ms"
    world.server:table("todoitem"):insert { id = "a", text = "x" }
    world:sleep "200 ms"
    world.server:table("todoitem"):insert { id = "b", text = "y" }
    phone:pull(query)
    for _ = 1, 2 do
      local asked = #world.server:requests()
      phone:pull(query)
      local request = world.server:requests()[asked + 1]
      sim.expect(request.query):contains "00:00:00.005"
      sim.expect(request.rows):equals(2)
    end
  end,
}
