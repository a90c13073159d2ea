-- A client that sends whole rows (PUT) sends them without a column that it does not know: the server takes that for null. What
-- newer apps wrote there is gone with the first edit of an older one. Clients that send what they know as a PATCH do no harm
-- (old_apps_go_on_when_the_server_gets_a_column).
local sim = require "syncsim"

return sim.story {
  name = "an old app that replaces rows wipes a new column",
  tables = { todoitem = { text = "string" } },
  dialects = { "datasync", "toolkit" },
  run = function(world)
    local old = world:client { name = "old" }
    world.server:table("todoitem"):insert { id = "milk", text = "milk" }
    world.server:migrate { tables = { todoitem = { text = "string", shop = "string" } } }
    world.server:table("todoitem"):update { id = "milk", shop = "corner" }
    old:pull "todoitem"
    old:table("todoitem"):update { id = "milk", text = "oat milk" }
    sim.expect(old:push().status):equals "Complete"
    sim.expect(world.server:table("todoitem"):lookup "milk"):has { text = "oat milk", shop = sim.null }
  end,
}
