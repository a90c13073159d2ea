-- A store in Lua; `fault` may fail or raise.
return function(fault)
  local tables = {}
  return {
    define = function(name) tables[name] = tables[name] or {} end,
    begin = function() end, commit = function() end, rollback = function() end,
    read = function(name, id) return tables[name][id] end,
    rows = function(name)
      local list = {}
      for _, row in pairs(tables[name]) do list[#list + 1] = row end
      return list
    end,
    write = function(name, row)
      if fault and name == "todoitem" then return fault() end
      local into = tables[name][row.id] or {}
      for key, value in pairs(row) do into[key] = value end
      tables[name][row.id] = into
    end,
    remove = function(name, id) tables[name][id] = nil end,
  }
end
