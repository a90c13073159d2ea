-- What `require "syncsim"` returns, and the parts of the standard library that tell time or draw.
local native, std = ...
local check, task, expect = std.check, std.task, std.expect
local misuse = check.misuse

local Scenario = { __name = "scenario", __metatable = false }
Scenario.__tostring = function(self) return self.kind .. " " .. self.name end

local keys = { name = "string!", tables = "table!", server = "table", finds = "table", dialects = "string|table",
  run = "function!" }

local function read_finds(finds)
  if finds == nil then return {} end
  if finds.checker ~= nil or finds[1] == nil then finds = { finds } end
  if #finds > 4 then misuse "finds: at most four" end
  local out = {}
  for i, one in ipairs(finds) do
    out[i] = check.options("finds", one, { checker = "string!", row = "string", host = "string" })
    check.one_of("finds.checker", out[i].checker, native.checkers())
  end
  return out
end

local combination_keys = { client = "string!", server = "string", finds = "table" }

-- Each entry is a run of its own: the name of a client dialect, or { client =, server =, finds = }.
local function read_dialects(kind, dialects)
  if dialects == "all" then dialects = native.client_dialects() end
  if type(dialects) == "string" then dialects = { dialects } end
  local out = {}
  for i, one in ipairs(dialects or {}) do
    if type(one) == "string" then one = { client = one } end
    one = check.options(kind .. ".dialects", one, combination_keys)
    check.one_of(kind .. ".dialects", one.client, native.client_dialects())
    if one.server then native.check_server_dialect(one.server) end
    if kind == "world" and one.finds then misuse "world.dialects: unknown key 'finds': a world asserts invariants only" end
    out[i] = { client = one.client, server = one.server, finds = one.finds and read_finds(one.finds) }
  end
  if dialects and #out == 0 then misuse("%s.dialects: names none", kind) end
  if #out > 24 then misuse("%s.dialects: at most 24", kind) end
  return out
end

local function scenario(kind, options)
  options = check.options(kind, options, keys)
  if options.name:match "^%s*$" then misuse("%s.name: is not empty", kind) end
  if kind == "world" and options.finds then misuse "world: unknown key 'finds': a world asserts invariants only" end
  options.kind = kind
  options.finds = read_finds(options.finds)
  options.dialects = read_dialects(kind, options.dialects)
  options.table_list = std.tables.read(kind .. ".tables", options.tables)
  std.server.prepare(options.server, options.table_list)
  return setmetatable(options, Scenario)
end

local sim = {}

function sim.story(options) return scenario("story", options) end
function sim.world(options) return scenario("world", options) end
function sim.policy(value) return std.policy.read("sim.policy", value) end

-- The choices of a reproduction: from now on nothing is drawn but these.
function sim.choose(list)
  if type(list) ~= "table" then misuse("choose: takes a list of choices, not a %s", type(list)) end
  for key in pairs(list) do
    if math.type(key) ~= "integer" and key ~= "window" then misuse("choose: unknown key '%s': did you mean 'window'?", tostring(key)) end
  end
  for i, line in ipairs(list) do check.value("choose: choice " .. i, line, "string") end
  if list.window ~= nil then native.choose_order(check.value("choose.window", list.window, "span")) end
  native.choose_only(list)
end

-- What must happen in some run of a sweep: a class of events, from the file or in a driver, or a condition, in a driver.
local demands = {}
function sim.sometimes(text, ...)
  check.value("sometimes", text, "string")
  local conditions = select("#", ...)
  if not task.current() then
    if conditions > 0 then misuse "sometimes: conditions are told in drivers: functions that the scenario runs in virtual time" end
    native.demand(text)
    demands[#demands + 1] = text
  elseif conditions > 0 then
    native.demand(text, (...) and true or false)
  else
    native.demand(text)
  end
end

function sim.expect(...) return expect.new(...) end
function sim.fails(...) return expect.fails(...) end
sim.null = native.null
function sim.time(text) return native.read_time(check.value("sim.time", text, "string")) end
function sim.time_text(value)
  if type(value) ~= "userdata" or value == native.null then misuse("sim.time_text: takes a datetime, not a %s", type(value)) end
  return tostring(value)
end

std.codes = { "invalid", "state", "schema", "not_found", "exists", "store", "network", "timeout", "auth", "http", "conflict",
  "push_failed", "cancelled", "crashed", "limit" }
std.sim = check.closed("syncsim", sim)

-- -- the scenario that was loaded, and its run --

local description_keys = { tables = "table!", server = "table" }

-- `policy_will_do`: whoever only looks at a policy takes a file that returns one.
-- `tables_will_do`: whoever only serves tables takes a file that returns { tables = {...}, server = {...} } too.
function std.describe(value, tables_will_do, policy_will_do)
  if policy_will_do then
    if not std.policy.is_one(value) or type(value) ~= "table" then return nil, "the file returns no policy: sim.policy { \"name\", ... }" end
    return "story", value.name, {}, {}
  end
  if tables_will_do and type(value) == "table" and rawget(value, "table_list") == nil and value.tables ~= nil then
    local options = check.options("the tables", value, description_keys)
    value = scenario("story", { name = "tables", tables = options.tables, server = options.server, run = function() end })
  end
  if type(value) ~= "table" or rawget(value, "table_list") == nil then
    return nil, "a scenario returns sim.story { ... } or sim.world { ... }, not " .. (value == nil and "nothing" or "a " .. type(value))
  end
  return value.kind, value.name, value.finds, value.dialects
end

function std.begin(definition)
  std.definition = definition
  native.view(definition.table_list)
  for _, text in ipairs(demands) do native.demand(text) end
  if definition.kind == "world" then std.server.ensure() end
  task.spawn(definition.run, std.world.handle)
end

-- -- the standard library --

local globals = native.globals

local stream, label
local function draws()
  local t = task.current()
  if not t then misuse "math.random draws in drivers only: while a scenario is loaded nothing is drawn" end
  t.draws = t.draws + 1
  stream, label = stream or native.stream("world", "random"), label or native.label("random", "workload", "driver", "draw")
  return t.key, t.draws
end

function globals.math.random(low, high)
  local key, number = draws()
  if low == nil then return native.choose(stream, label, 1 << 53, key, number) / (1 << 53) end
  if high == nil then low, high = 1, low end
  check.value("math.random", low, "integer")
  check.value("math.random", high, "integer")
  if low > high then misuse "math.random: the interval is empty" end
  if high - low < 0 or high - low == math.maxinteger then misuse "math.random: the interval is too large" end
  return low + native.choose(stream, label, high - low + 1, key, number)
end

function globals.math.randomseed() end -- the seed is the run's

local function days_from_civil(y, m, d)
  if m <= 2 then y = y - 1 end
  local era = y // 400
  local of_era = y - era * 400
  local of_year = (153 * (m > 2 and m - 3 or m + 9) + 2) // 5 + d - 1
  return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468
end

local function civil_from_days(days)
  local z = days + 719468
  local era = z // 146097
  local doe = z - era * 146097
  local yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
  local doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
  local mp = (5 * doy + 2) // 153
  local month = mp < 10 and mp + 3 or mp - 9
  return yoe + era * 400 + (month <= 2 and 1 or 0), month, doy - (153 * mp + 2) // 5 + 1
end

local os = {}
globals.os = os

local function now_s() return (native.epoch + native.now()) // 1000000000 end

function os.time(parts)
  if parts == nil then return now_s() end
  check.value("os.time", parts, "table")
  for _, name in ipairs { "year", "month", "day" } do
    if math.type(parts[name]) ~= "integer" then misuse("os.time: field '%s' is missing", name) end
  end
  local month = parts.month - 1
  return (days_from_civil(parts.year + month // 12, month % 12 + 1, 1) + parts.day - 1) * 86400 + (parts.hour or 12) * 3600 +
    (parts.min or 0) * 60 + (parts.sec or 0)
end
function os.clock() return native.now() / 1000000000 end
function os.difftime(a, b) return (a - b) + 0.0 end

local days = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" }
local months = { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
  "December" }

-- Always UTC.
function os.date(format, time)
  format = (format or "%c"):gsub("^!", "")
  time = time or now_s()
  local day = time // 86400
  local year, month, mday = civil_from_days(day)
  local rest = time % 86400
  local t = { year = year, month = month, day = mday, hour = rest // 3600, min = rest // 60 % 60, sec = rest % 60,
    wday = (day + 4) % 7 + 1, yday = day - days_from_civil(year, 1, 1) + 1, isdst = false }
  if format:sub(1, 2) == "*t" then return t end
  local expand
  local letters = {
    a = function() return days[t.wday]:sub(1, 3) end, A = function() return days[t.wday] end,
    b = function() return months[month]:sub(1, 3) end, B = function() return months[month] end,
    c = function() return expand "%a %b %d %H:%M:%S %Y" end, d = function() return string.format("%02d", mday) end,
    D = function() return expand "%m/%d/%y" end, F = function() return expand "%Y-%m-%d" end,
    H = function() return string.format("%02d", t.hour) end, I = function() return string.format("%02d", (t.hour + 11) % 12 + 1) end,
    j = function() return string.format("%03d", t.yday) end, m = function() return string.format("%02d", month) end,
    M = function() return string.format("%02d", t.min) end, n = function() return "\n" end,
    p = function() return t.hour < 12 and "AM" or "PM" end, S = function() return string.format("%02d", t.sec) end,
    t = function() return "\t" end, T = function() return expand "%H:%M:%S" end, w = function() return tostring(t.wday - 1) end,
    x = function() return expand "%m/%d/%y" end, X = function() return expand "%H:%M:%S" end,
    y = function() return string.format("%02d", year % 100) end, Y = function() return string.format("%d", year) end,
    z = function() return "+0000" end, Z = function() return "UTC" end, ["%"] = function() return "%" end,
  }
  function expand(text)
    return (text:gsub("%%(.)", function(letter)
      local maker = letters[letter]
      if not maker then misuse("os.date: unknown conversion '%%%s'", letter) end
      return maker()
    end))
  end
  return expand(format)
end

function globals.print(...)
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = tostring((select(i, ...))) end
  native.print(table.concat(parts, "\t"))
end

globals.coroutine.resume = task.resume
globals.coroutine.wrap = task.wrap

check.keys(keys, combination_keys, description_keys)

return sim
