local sim = require "syncsim"

-- The least that a custom local store has to do: rows by table and id, and one level of undo.
local function lua_store()
  local tables, undo = {}, nil
  local function copy(row)
    local out = {}
    for key, value in pairs(row) do out[key] = value end
    return out
  end
  local function remember(name, id)
    if undo then undo[#undo + 1] = { name = name, id = id, row = tables[name][id] and copy(tables[name][id]) or false } end
  end
  return {
    define = function(name) tables[name] = tables[name] or {} end,
    begin = function() undo = {} end,
    commit = function() undo = nil end,
    rollback = function()
      for i = #undo, 1, -1 do
        local change = undo[i]
        tables[change.name][change.id] = change.row or nil
      end
      undo = nil
    end,
    read = function(name, id) return tables[name][id] and copy(tables[name][id]) end,
    rows = function(name)
      local list = {}
      for _, row in pairs(tables[name]) do list[#list + 1] = copy(row) end
      return list
    end,
    write = function(name, row)
      remember(name, row.id)
      local into = tables[name][row.id] or {}
      for key, value in pairs(row) do into[key] = value end
      tables[name][row.id] = into
    end,
    remove = function(name, id)
      remember(name, id)
      tables[name][id] = nil
    end,
  }
end

return sim.story {
  name = "a local store written in Lua syncs like the built-in ones",
  tables = { todoitem = { text = "string", complete = "boolean" } },
  run = function(world)
    local phone = world:client { name = "phone", store = lua_store() }
    local tablet = world:client { name = "tablet" }
    phone:table("todoitem"):insert { id = "a", text = "from a Lua store", complete = false }
    phone:push()
    tablet:pull "todoitem"
    tablet:table("todoitem"):update { id = "a", complete = true }
    tablet:push()
    phone:pull { table = "todoitem", query_id = "all" }

    sim.expect(phone:table("todoitem"):lookup "a"):has { text = "from a Lua store", complete = true }
    sim.expect(phone:pending()):equals(0)
  end,
}
