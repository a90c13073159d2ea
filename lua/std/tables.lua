-- The tables of a scenario, checked and in order of name: { name, columns = { { name, type }... }, soft_delete, version } and
-- what else its server makes of it.
local _, std = ...
local check = std.check
local misuse = check.misuse
local tables = {}

local types = { "string", "integer", "number", "boolean", "datetime", "bytes" }

local system = { id = true, version = true, createdat = true, updatedat = true, deleted = true }

-- SQLite takes names that differ in their case only for one.
local function check_name(path, name, seen)
  local folded = name:lower()
  if not name:match "^[%a_][%w_]*$" or name:len() > 128 then
    misuse("%s: %q is no name: a letter or _ first, then letters, digits or _, at most 128", path, name)
  end
  if seen[folded] then misuse("%s: '%s' and '%s' differ in their case only", path, seen[folded], name) end
  seen[folded] = name
end

local keys = {
  columns = "table", defaults = "table", soft_delete = "boolean", version = "boolean", page_size = "number of", max_top = "number of",
  dynamic_schema = "boolean", disabled = "table", authorize = "boolean",
}
local operations = { "read", "insert", "update", "delete", "undelete" }

local function read_disabled(path, list)
  local out = {}
  for _, operation in ipairs(list or {}) do out[check.one_of(path .. ".disabled", operation, operations)] = true end
  return out
end

local function read_columns(what, columns, defaults)
  local out, seen = {}, {}
  for name in pairs(defaults or {}) do
    if not columns[name] then misuse("%s.defaults: there is no column '%s'", what, tostring(name)) end
  end
  for name, kind in pairs(columns) do
    if type(name) ~= "string" then misuse("%s: a column is name = type, as in text = \"string\"", what) end
    check_name(what, name, seen)
    if system[name:lower()] then misuse("%s: '%s' is a system column, it is there by itself", what, name) end
    check.one_of(what .. "." .. name, kind, types)
    out[#out + 1] = { name = name, type = kind, initial = defaults and defaults[name] }
  end
  return out
end

function tables.read(what, definition)
  if type(definition) ~= "table" then misuse("%s: takes a table of tables, not a %s", what, type(definition)) end
  local out, seen = {}, {}
  for name, one in pairs(definition) do
    local path = what .. "." .. tostring(name)
    if type(name) ~= "string" then misuse("%s: a table is name = { column = type }", what) end
    check_name(what, name, seen)
    if name:sub(1, 2) == "__" then misuse("%s: '%s': names that begin with __ are the engine's", what, name) end
    if type(one) ~= "table" then misuse("%s: takes a table of columns, not a %s", path, type(one)) end
    if type(one.columns) == "table" then
      one = check.options(path, one, keys)
      one.name, one.columns, one.disabled = name, read_columns(path, one.columns, one.defaults), read_disabled(path, one.disabled)
      out[#out + 1] = one
    else
      out[#out + 1] = { name = name, columns = read_columns(path, one), disabled = {} }
    end
  end
  if #out == 0 then misuse("%s: there must be at least one", what) end
  return out
end

check.keys(keys)

return tables
