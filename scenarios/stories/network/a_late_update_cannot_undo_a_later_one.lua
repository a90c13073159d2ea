local sim = require "syncsim"

-- The request comes after its time-out, after the next attempt and after another edit: the server refuses its old version.
return sim.story {
  name = "an update that comes late finds a newer version, and changes nothing",
  tables = { todoitem = { text = "string" } },
  dialects = { "mobile-apps", "mobile-apps-js", "toolkit", "sound" },
  run = function(world)
    local phone = world:client { name = "phone", policy = "client_wins", timeout = "1 s" }
    world.server:table("todoitem"):insert { id = "milk", text = "milk" }
    phone:pull "todoitem"
    phone:table("todoitem"):update { id = "milk", text = "oat milk" }
    world:link(phone):fail_next { fault = "request-late" }
    phone:push()
    phone:push()
    phone:table("todoitem"):update { id = "milk", text = "soy milk" }
    phone:push()
    sim.expect(world.server:table("todoitem"):lookup "milk"):has { text = "soy milk" }
    world:sleep "10 min"
    sim.expect(world.server:table("todoitem"):lookup "milk"):has { text = "soy milk" }
  end,
}
