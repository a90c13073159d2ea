local sim = require "syncsim"

-- An edit made while the pull is under way: the row that comes is left out, and moves the token all the same. What the next pull
-- asks for begins there.
return sim.story {
  name = "ios: a change that is left out for a pending edit moves the token past it",
  tables = { todoitem = { text = "string" } },
  dialects = { "mobile-apps-ios" },
  run = function(world)
    local phone = world:client { name = "phone" }
    local query = { table = "todoitem", query_id = "all" }
    world.server:table("todoitem"):insert { id = "milk", text = "milk" }
    phone:pull(query)
    world:sleep "1 s"
    world.server:table("todoitem"):update { id = "milk", text = "soy milk" }
    local pull = world:spawn(function() return phone:pull(query) end)
    phone:table("todoitem"):update { id = "milk", text = "oat milk" }
    sim.expect(pull:join()):why("nothing is received, the row is left out"):equals(0)
    world:sleep "1 s"
    phone:purge { table = "todoitem", force = true }
    world.server:table("todoitem"):insert { id = "bread", text = "bread" }
    local asked = #world.server:requests()
    phone:pull(query)
    sim.expect(phone:table("todoitem"):lookup "bread"):has { text = "bread" }
    sim.expect(world.server:requests()[asked + 1].query):why("from the change that was left out"):contains "T00:00:01"
  end,
}
