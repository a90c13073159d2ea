local sim = require "syncsim"
local story = require "lib.story"
return story(function(world)
  local newer = { todoitem = { text = "string", note = "string" }, other = { text = "string" } }
  local function upgrade(store)
    local phone = world:client { name = store, store = store, dialect = "sound" }
    phone:table("todoitem"):insert { id = "r" .. store, text = "one" }
    sim.expect(phone:restart { tables = newer }):is_true()
    phone:table("todoitem"):update { id = "r" .. store, note = "new" }
    phone:table("other"):insert { id = "o" .. store, text = "x" }
    sim.expect(phone:restart()):is_true()
    local row = phone:table("todoitem"):lookup("r" .. store)
    return row.text, row.note, phone:table("other"):count(), phone:pending()
  end
  print(upgrade "memory") -- expect: one	new	1	3
  print(upgrade "sqlite") -- expect: one	new	1	3
  local phone = world:client { name = "phone" }
  print(phone:restart { tables = { todoitem = { text = "string" } } }, pcall(phone.table, phone, "other")) -- expect: true	false	an_app_comes_in_versions.lua:18: client phone has no table 'other'
  phone:restart { table = {} } -- error: restart: unknown key 'table'
end)
