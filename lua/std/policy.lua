-- Conflict policies as scenarios write them, checked and brought into the form that bind_policy.c reads: { name =, clock =,
-- sites =, rounds =, inner = { policy... }, deletes = policy, default = field, columns = { { name =, field } ... }, groups = ... }
local native, std = ...
local check = std.check
local misuse = check.misuse
local policy = {}

local names, fields = native.policies(), native.field_policies()
local composed = { "chain", "limit", "audit" }
local clocks = { "edit", "wall", "hlc", "lamport", "server" }

local Policy = { __name = "policy", __metatable = false }
Policy.__tostring = function(self) return "policy " .. self.name end

local common = {
  latest_wins = { clock = clocks }, first_wins = { clock = clocks }, site_priority = { sites = "table!", clock = clocks },
  delete_wins = { otherwise = "any" }, update_wins = { otherwise = "any" },
  field_merge = { columns = "table", default = "any", groups = "table", deletes = "any" },
  limit = { rounds = "number of!" }, chain = {}, audit = {},
}
local field_keys = {
  counter = { low = "integer", high = "integer" }, sum_bounded = { low = "integer!", high = "integer!" },
  enum_lattice = { order = "table!" },
}

local function known(what, kind, name, list)
  if type(name) ~= "string" then misuse("%s: begins with the name of a %s, not a %s", what, kind, type(name)) end
  for _, one in ipairs(list) do
    if name == one then return name end
  end
  misuse("%s: unknown %s '%s'%s", what, kind, name, native.suggest(name, list))
end

local function texts(what, list)
  for i, one in ipairs(list) do check.value(what .. "[" .. i .. "]", one, "string") end
  return list
end

-- The named options of a table whose list part is something else.
local function options_of(what, value, keys)
  local out = {}
  for key, one in pairs(value) do
    if math.type(key) ~= "integer" then out[key] = one end
  end
  return check.options(what, out, keys)
end

local function read_field(what, value)
  if type(value) == "string" then value = { value } end
  if type(value) ~= "table" then misuse("%s: takes a field policy, \"counter\" or { \"counter\", low = 0 }, not a %s", what, type(value)) end
  local name = known(what, "field policy", value[1], fields)
  local out = options_of(what, value, field_keys[name] or {})
  out.name = name
  if name == "enum_lattice" then texts(what .. ".order", out.order) end
  if out.low and out.high and out.low > out.high then misuse("%s: low is above high", what) end
  return out
end

local function read_merge(what, out, options)
  out.default = options.default and read_field(what .. ".default", options.default)
  out.deletes = options.deletes and policy.read(what .. ".deletes", options.deletes)
  out.columns, out.groups = {}, {}
  for name, one in pairs(options.columns or {}) do
    if type(name) ~= "string" then misuse("%s.columns: takes column = field policy", what) end
    local field = read_field(what .. ".columns." .. name, one)
    field.column = name
    out.columns[#out.columns + 1] = field
  end
  for i, group in ipairs(options.groups or {}) do
    local path = what .. ".groups[" .. i .. "]"
    if type(group) ~= "table" then misuse("%s: takes a list of columns", path) end
    out.groups[i] = texts(path, group)
  end
end

local function read_inner(what, out, value, least, most)
  local count = #value - 1
  if count < least or count > most then
    misuse("%s: takes %d polic%s%s", what, least, least == 1 and "y" or "ies", least == most and "" or " or more")
  end
  for i = 1, count do out.inner[i] = policy.read(what .. "[" .. i + 1 .. "]", value[i + 1]) end
end

-- One policy: a name, or { "name", ... }.
function policy.read(what, value)
  if type(value) == "string" then value = { value } end
  if type(value) ~= "table" then misuse("%s: takes a policy, not a %s", what, type(value)) end
  if getmetatable(value) == false and rawget(value, "inner") then return value end
  local all = {}
  for _, list in ipairs { names, composed } do
    for _, name in ipairs(list) do all[#all + 1] = name end
  end
  local name = known(what, "policy", value[1], all)
  local options = options_of(what, value, common[name] or {})
  local out = { name = name, clock = options.clock, rounds = options.rounds, inner = {} }
  out.sites = options.sites and texts(what .. ".sites", options.sites)
  if options.otherwise then out.inner[1] = policy.read(what .. ".otherwise", options.otherwise) end
  if name == "field_merge" then read_merge(what, out, options) end
  if name == "chain" then read_inner(what, out, value, 1, 16) end
  if name == "limit" then read_inner(what, out, value, 2, 2) end
  if name == "audit" then read_inner(what, out, value, 1, 1) end
  return setmetatable(out, Policy)
end

-- Is it one policy, as against a table of them by table name?
function policy.is_one(value)
  return type(value) == "string" or (type(value) == "table" and (value[1] ~= nil or rawget(value, "inner") ~= nil))
end

return policy
