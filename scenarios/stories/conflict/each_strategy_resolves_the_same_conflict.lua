local sim = require "syncsim"

-- The tour: two devices edit the same todo item offline, and each strategy settles it in its way. Run it with --trace text to see
-- every message.
return sim.story {
  name = "two devices edit the same todo item offline, and each strategy settles the conflict in its own way",
  tables = { todoitem = { text = "string", complete = "boolean" } },
  run = function(world)
    local function merge(conflict)
      return { id = conflict.id, text = conflict.server.text .. " + " .. conflict.client.text,
               complete = conflict.client.complete or conflict.server.complete, version = conflict.server.version }
    end
    local cases = {
      { strategy = "client_wins", expect = "phone's" },
      { strategy = "server_wins", expect = "tablet's" },
      { strategy = "latest_wins", expect = "tablet's" },
      { strategy = merge, expect = "tablet's + phone's" },
    }
    for number, case in ipairs(cases) do
      local id = "item" .. number
      local label = type(case.strategy) == "string" and case.strategy or "merge in a function"
      world:note("strategy: " .. label)
      local phone = world:client { name = "phone" .. number, policy = case.strategy, latency = "40 ms" }
      local tablet = world:client { name = "tablet" .. number, latency = "40 ms" }
      world.server:table("todoitem"):insert { id = id, text = "milk", complete = false }

      for _, device in ipairs { phone, tablet } do
        device:pull { table = "todoitem", where = { id = id } }
        device:offline()
      end
      phone:table("todoitem"):update { id = id, text = "phone's", complete = true }
      world:sleep "1 min"
      tablet:table("todoitem"):update { id = id, text = "tablet's" }
      tablet:online()
      tablet:push()
      phone:online()
      phone:push()

      sim.expect(world.server:table("todoitem"):lookup(id)):why(label):has { text = case.expect }
      sim.expect(phone:table("todoitem"):lookup(id)):why(label):has { text = case.expect }
    end
  end,
}
