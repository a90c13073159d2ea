-- The JavaScript client hands each conflict of a push to onConflict, with methods that cancel the operation, change the row or
-- make it another operation; what was handled is sent again in the same push (protocol.md 6.6).
local sim = require "syncsim"

return sim.story {
  name = "a push error decides within the push (mobile-apps-js)",
  tables = { todoitem = { text = "string", qty = "integer" } },
  run = function(world)
    local seen = {}
    local phone = world:client { name = "phone", dialect = "mobile-apps-js", policy = function(conflict)
      seen[#seen + 1] = conflict.kind .. " " .. conflict.id .. " " .. conflict.status
      if conflict.kind == "insert" then return conflict:change_action "update" end
      if conflict.kind == "delete" then return conflict:change_action("delete", { version = conflict.server.version }) end
      if conflict.id == "gone" then return conflict:cancel_and_discard() end
      if conflict.id == "keep" then return conflict:cancel() end
      if conflict.id == "take" then return conflict:cancel_and_update(conflict.server) end
      return conflict:update { text = conflict.client.text .. " and " .. conflict.server.text, version = conflict.server.version }
    end }
    local list = phone:table "todoitem"
    local server = world.server:table "todoitem"
    for _, id in ipairs { "merge", "gone", "keep", "take", "drop" } do server:insert { id = id, text = "first" } end
    phone:pull "todoitem"
    for _, id in ipairs { "merge", "gone", "keep", "take", "drop" } do server:update { id = id, text = "theirs" } end
    server:insert { id = "both", text = "theirs" }
    list:insert { id = "both", text = "mine" }
    for _, id in ipairs { "merge", "gone", "keep", "take" } do list:update { id = id, text = "mine" } end
    list:delete "drop"

    local result = phone:push()
    sim.expect(#result.errors):equals(0)
    sim.expect(phone:pending()):equals(0)
    sim.expect(seen):equals { "insert both 409", "update merge 412", "update gone 412", "update keep 412", "update take 412", "delete drop 412" }
    sim.expect(server:lookup "both"):has { text = "mine" }
    sim.expect(server:lookup "merge"):has { text = "mine and theirs" }
    sim.expect(server:lookup "drop"):is_nil()
    sim.expect(server:lookup "keep"):has { text = "theirs" }
    sim.expect(list:lookup "keep"):has { text = "mine" }               -- never sent again, and nobody knows
    sim.expect(list:lookup "take"):has { text = "theirs" }
    sim.expect(list:lookup "gone"):is_nil()
  end,
}
