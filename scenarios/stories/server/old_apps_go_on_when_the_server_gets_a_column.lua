-- The server's app is upgraded while a device has edits in its queue: the device knows nothing of the new column, goes on, and
-- does not undo what newer apps write there.
local sim = require "syncsim"

return sim.story {
  name = "old apps go on when the server gets a column",
  tables = { todoitem = { text = "string" } },
  dialects = { "mobile-apps", "sound" },
  run = function(world)
    local old = world:client { name = "old" }
    world.server:table("todoitem"):insert { id = "milk", text = "milk" }
    old:pull "todoitem"
    old:table("todoitem"):insert { id = "bread", text = "bread" }
    world.server:migrate { tables = { todoitem = { text = "string", shop = "string" } } }
    world.server:table("todoitem"):update { id = "milk", shop = "corner" }
    local new = world:client { name = "new", tables = { todoitem = { text = "string", shop = "string" } } }

    sim.expect(old:push().status):equals "Complete"
    old:pull "todoitem"
    old:table("todoitem"):update { id = "milk", text = "oat milk" }
    sim.expect(old:push().status):equals "Complete"
    new:pull "todoitem"
    sim.expect(new:table("todoitem"):lookup "milk"):has { text = "oat milk", shop = "corner" }
    sim.expect(new:table("todoitem"):count()):equals(2)
  end,
}
