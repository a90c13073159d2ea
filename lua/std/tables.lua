-- The tables of a scenario, checked and in order of name: { name, columns = { { name, type }... }, soft_delete, version }.
local _, std = ...
local check = std.check
local misuse = check.misuse
local tables = {}

local types = { "string", "integer", "number", "boolean", "datetime", "bytes" }

local function read_columns(what, columns)
  local out = {}
  for name, kind in pairs(columns) do
    if type(name) ~= "string" then misuse("%s: a column is name = type, as in text = \"string\"", what) end
    check.one_of(what .. "." .. name, kind, types)
    out[#out + 1] = { name = name, type = kind }
  end
  return out
end

function tables.read(what, definition)
  if type(definition) ~= "table" then misuse("%s: takes a table of tables, not a %s", what, type(definition)) end
  local out = {}
  for name, one in pairs(definition) do
    local path = what .. "." .. tostring(name)
    if type(name) ~= "string" then misuse("%s: a table is name = { column = type }", what) end
    if type(one) ~= "table" then misuse("%s: takes a table of columns, not a %s", path, type(one)) end
    if type(one.columns) == "table" then
      one = check.options(path, one, { columns = "table", soft_delete = "boolean", version = "boolean" })
      out[#out + 1] = { name = name, columns = read_columns(path, one.columns), soft_delete = one.soft_delete, version = one.version }
    else
      out[#out + 1] = { name = name, columns = read_columns(path, one) }
    end
  end
  if #out == 0 then misuse("%s: there must be at least one", what) end
  return out
end

return tables
