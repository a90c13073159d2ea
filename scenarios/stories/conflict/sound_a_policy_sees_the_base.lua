local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "sound: a policy function sees local, server and base, and merges field by field",
  tables = scene.tables,
  server = { dialect = "sound" },
  run = function(world)
    local seen
    local phone = scene.meet(world, {
      dialect = "sound",
      policy = function(conflict)
        seen = conflict
        local merged = {}
        for _, field in ipairs { "id", "text", "complete" } do
          local changed = conflict.client[field] ~= conflict.base[field]
          merged[field] = (changed and conflict.client or conflict.server)[field]
        end
        merged.text = conflict.server.text .. " and " .. conflict.client.text
        return merged
      end,
    })
    phone:table("todoitem"):update { id = "milk", complete = true }
    sim.expect(phone:push().status):equals "Complete"
    sim.expect(seen.base):has { text = "milk", complete = false }
    sim.expect(scene.on_server(world)):has { text = "tablet's and phone's", complete = true }
  end,
}
