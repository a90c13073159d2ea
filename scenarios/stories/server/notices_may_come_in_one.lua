local sim = require "syncsim"

-- A push service keeps the last notice of a kind for each device. A notice is a hint: one for five changes is as good as five.
return sim.story {
  name = "one notice for several changes leads to one pull that brings them all",
  tables = { note = { text = "string" } },
  server = { notify = true },
  run = function(world)
    local phone = world:client { name = "phone", pull_on_notice = true }
    phone:pull { table = "note", query_id = "all" }
    local before = #world.server:requests()
    world.server:notify { coalesce = "2 s" }
    local side = world.server:table("note")
    for i = 1, 5 do
      side:insert { id = "row" .. i, text = "x" }
      world:sleep "300 ms"
    end
    sim.expect(#world.server:requests()):equals(before)
    world:sleep "3 s"
    sim.expect(phone:table("note"):count()):equals(5)
    local pulls = #world.server:requests() - before
    world.server:notify { burst = "2 s" }
    for i = 6, 10 do side:insert { id = "row" .. i, text = "x" } end
    world:sleep "5 s"
    sim.expect(phone:table("note"):count()):equals(10)
    sim.expect(#world.server:requests() - before > 2 * pulls):equals(true)
  end,
}
