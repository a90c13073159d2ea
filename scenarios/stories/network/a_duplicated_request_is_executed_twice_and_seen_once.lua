local sim = require "syncsim"

-- A proxy sends the request again. The second one finds what the first one did: its If-Match is old, or its id is there.
return sim.story {
  name = "a request that a proxy sends twice changes the server once",
  tables = { todoitem = { text = "string" } },
  dialects = { "mobile-apps", "mobile-apps-js", "datasync", "toolkit", "sound" },
  run = function(world)
    local phone = world:client { name = "phone", policy = "client_wins" }
    phone:table("todoitem"):insert { id = "milk", text = "milk" }
    world:link(phone):fail_next { fault = "request-duplicated" }
    phone:push()
    world:sleep "10 min"
    sim.expect(world.server:table("todoitem"):count()):equals(1)
    phone:table("todoitem"):update { id = "milk", text = "oat milk" }
    world:link(phone):fail_next { fault = "request-duplicated" }
    phone:push()
    world:sleep "10 min"
    sim.expect(phone:pending()):equals(0)
    sim.expect(phone:table("todoitem"):lookup "milk"):has { text = "oat milk" }
    sim.expect(world.server:table("todoitem"):lookup "milk"):has { text = "oat milk" }
    world:settle()
  end,
}
