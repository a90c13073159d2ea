local sim = require "syncsim"

-- The client's class has a property that the server does not know.
return sim.story {
  name = "toolkit before 9.0.3: a pull overwrites a property that only the device has",
  tables = { todoitem = { text = "string", scroll = "integer" } },
  server = { tables = { todoitem = { text = "string" } } },
  dialects = { "toolkit-9.0.0" },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:table("todoitem"):insert { id = "milk", text = "milk", scroll = 7 }
    phone:push()
    world.server:table("todoitem"):update { id = "milk", text = "soy milk" }
    phone:pull "todoitem"
    local row = phone:table("todoitem"):lookup "milk"
    sim.expect(row):has { text = "soy milk" }
    sim.expect(row.scroll):equals(sim.null)
  end,
}
