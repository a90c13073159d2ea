-- Options: one table, known keys, known types. Everything raised here blames the scenario's line.
local native = ...
local check = {}

local units = {
  ns = 1, us = 1000, ms = 1000000, s = 1000000000, min = 60000000000, h = 3600000000000, d = 86400000000000,
}

local longest = 100 * 365 * units.d

function check.misuse(format, ...)
  native.misuse(select("#", ...) == 0 and format or string.format(format, ...))
end
local misuse = check.misuse

-- What tells a misspelled verb: `names` of things that are called `what`. A key of `optional` may be missing.
function check.closed(what, names, optional)
  return setmetatable(names, { __metatable = false, __index = function(_, key)
    if optional and optional[key] then return nil end
    local known = {}
    for name in pairs(names) do
      if name:sub(1, 2) ~= "__" then known[#known + 1] = name end
    end
    misuse("%s has no '%s'%s", what, tostring(key), type(key) == "string" and native.suggest(key, known) or "")
  end })
end

-- The metatable of such things.
function check.class(name, optional)
  local class = check.closed(name, { __name = name, __metatable = false }, optional)
  class.__index = class
  return class
end

-- "250 ms", "1.5 s", "-3 s", "1 h 30 min" -> nanoseconds; nil for anything else, and true when it is one, but too long
local function duration(text)
  if type(text) ~= "string" then return nil end
  local sign, rest = text:match "^%s*(-?)%s*(.-)%s*$"
  local total, at = 0, 1
  while at <= rest:len() do
    local whole, fraction, unit, stop = rest:match("^(%d+)%.?(%d*)%s*(%a+)%s*()", at)
    local size = unit and units[unit]
    if not size then return nil end
    if whole:len() > 9 or fraction:len() > 9 then return nil, true end
    local part = 0
    if fraction ~= "" then
      local scale = 1
      for _ = 1, fraction:len() do scale = scale * 10 end
      part = size // scale * math.tointeger(fraction) + size % scale * math.tointeger(fraction) // scale
    end
    if math.tointeger(whole) > longest // size then return nil, true end
    total = total + math.tointeger(whole) * size + part
    if total > longest then return nil, true end
    at = stop
  end
  if at == 1 then return nil end
  return sign == "-" and -total or total
end

function check.duration(what, text)
  local ns, too_long = duration(text)
  if too_long then misuse("%s: %q is too long, at most 100 years in nine digits", what, text) end
  if not ns then
    misuse("%s: takes a duration with its unit (ns us ms s min h d), as in \"250 ms\", not %s", what,
      type(text) == "string" and string.format("%q", text) or type(text) == "number" and tostring(text) or "a " .. type(text))
  end
  return ns
end

local function article(kind)
  if kind == "nil" then return "nothing" end
  return (kind:match "^[aeiou]" and "an " or "a ") .. kind
end

local tests = {
  integer = function(value) return math.type(value) == "integer" end,
  count = function(value) return math.type(value) == "integer" and value >= 0 end,
  ["number of"] = function(value) return math.type(value) == "integer" and value >= 1 end,
  any = function() return true end,
}
local durations = { duration = true, span = true, period = true }
local shown = { count = "a whole number, 0 or more", ["number of"] = "a whole number, 1 or more" }

-- Kinds: type names, "integer", "count" (not negative), "number of" (1 or more), "duration" (becomes nanoseconds), "span" (one
-- that is not negative), "period" (one that is more than nothing), "a|b", or a list of texts (one of them). With "!" the key is
-- required. Each is taken apart once.
local parsed = {}

local function parse(kind)
  local out = { name = kind:gsub("!$", ""), types = {}, tests = {} }
  out.required = out.name ~= kind
  out.duration = durations[out.name]
  for name in out.name:gmatch "[^|]+" do
    if tests[name] then
      out.tests[#out.tests + 1] = tests[name]
    else
      out.types[name] = true
    end
  end
  parsed[kind] = out
  return out
end

local function refuse(what, value, kind)
  local given = type(value) == "number" and shown[kind.name] and tostring(value) or article(type(value))
  misuse("%s: takes %s, not %s", what, shown[kind.name] or article(kind.name:gsub("|", " or ")), given)
end

local function read_duration(what, value, kind)
  local ns = check.duration(what, value)
  if kind == "span" and ns < 0 then misuse("%s: is not negative", what) end
  if kind == "period" and ns <= 0 then misuse("%s: is more than nothing", what) end
  return ns
end

local function fits(value, kind)
  if kind.types[type(value)] then return true end
  for _, test in ipairs(kind.tests) do
    if test(value) then return true end
  end
  return false
end

function check.one_of(what, value, list)
  for _, name in ipairs(list) do
    if value == name then return value end
  end
  misuse("%s: unknown value %s%s; one of: %s", what, type(value) == "string" and "'" .. value .. "'" or tostring(value),
    type(value) == "string" and native.suggest(value, list) or "", table.concat(list, ", "))
end

-- Returns the value, as nanoseconds where it is a duration.
function check.value(what, value, kind)
  if type(kind) == "table" then return check.one_of(what, value, kind) end
  kind = parsed[kind] or parse(kind)
  if kind.duration then return read_duration(what, value, kind.name) end
  if not fits(value, kind) then refuse(what, value, kind) end
  return value
end

local required = {} -- spec -> its required keys

local function required_keys(spec)
  local list = {}
  for key, kind in pairs(spec) do
    if type(kind) == "string" and (parsed[kind] or parse(kind)).required then list[#list + 1] = key end
  end
  return list
end

-- Specs, { key = kind }, that are used again and again: taken apart now, which is once for all runs of a script.
function check.keys(...)
  for _, spec in ipairs { ... } do required[spec] = required_keys(spec) end
end

-- Returns a copy with durations read.
function check.options(what, options, spec)
  if type(options) ~= "table" then misuse("%s: takes a table of options, not %s", what, article(type(options))) end
  local out = {}
  for key, value in pairs(options) do
    local kind = spec[key]
    if type(key) ~= "string" or kind == nil then
      local known = {}
      for name in pairs(spec) do known[#known + 1] = name end
      misuse("%s: unknown key '%s'%s", what, tostring(key), type(key) == "string" and native.suggest(key, known) or "")
    end
    local known = parsed[kind]
    if known and known.types[type(value)] then
      out[key] = value
    else
      out[key] = check.value(what .. "." .. key, value, kind)
    end
  end
  for _, key in ipairs(required[spec] or required_keys(spec)) do
    if out[key] == nil then misuse("%s: the key '%s' is required", what, key) end
  end
  return out
end

return check
