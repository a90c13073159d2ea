local sim = require "syncsim"

-- The scene of every conflict here: both devices pull the item, both edit it offline, the tablet pushes first.
--
--   tablet   pull    text = "tablet's"    push -> committed
--   phone    pull    text = "phone's"                         push -> 412 with the tablet's version
local M = {}

M.tables = { todoitem = { text = "string", complete = "boolean" } }

function M.meet(world, phone_options)
  local options = { name = "phone" }
  for key, value in pairs(phone_options or {}) do options[key] = value end
  local phone = world:client(options)
  local tablet = world:client { name = "tablet", dialect = options.dialect }
  world.server:table("todoitem"):insert { id = "milk", text = "milk", complete = false }
  for _, device in ipairs { phone, tablet } do
    device:pull { table = "todoitem", query_id = "all" }
    device:offline()
  end
  world:sleep "1 min"
  tablet:table("todoitem"):update { id = "milk", text = "tablet's" }
  world:sleep "1 min"
  phone:table("todoitem"):update { id = "milk", text = "phone's" }
  tablet:online()
  sim.expect(tablet:push().status):equals "Complete"
  phone:online()
  return phone, tablet
end

function M.on_server(world) return world.server:table("todoitem"):lookup "milk" end
function M.on(device) return device:table("todoitem"):lookup "milk" end

return M
