local sim = require "syncsim"

-- Two devices of `sound` pull one row, each changes it offline (nil: deletes it), the tablet pushes first.
local M = {}

M.tables = { note = { title = "string", body = "string", stars = "integer", conflict_of = "string" } }
M.first = { id = "x", title = "first", body = "first", stars = 1 }

local function change(device, row)
  local notes = device:table "note"
  if row == nil then return notes:delete "x" end
  local copy = { id = "x" }
  for key, value in pairs(row) do copy[key] = value end
  notes:update(copy)
end

function M.meet(world, policy, tablets, phones)
  local tablet = world:client { name = "tablet", dialect = "sound", policy = policy }
  local phone = world:client { name = "phone", dialect = "sound", policy = policy }
  world.server:table("note"):insert(M.first)
  for _, device in ipairs { tablet, phone } do
    device:pull { table = "note", query_id = "all" }
    device:offline()
  end
  change(tablet, tablets)
  world:sleep "1 min"
  change(phone, phones)
  for _, device in ipairs { tablet, phone } do
    world:sleep "1 min"
    device:online()
    sim.expect(device:push().status):equals "Complete"
  end
  world:settle()
  return phone, tablet
end

function M.on_server(world) return world.server:table("note"):lookup "x" end

return M
