-- Expectations. A failed one ends the scenario, with the line that asked and the difference.
local native, std = ...
local check = std.check
local misuse = check.misuse
local expect = {}

local Failure = { __name = "failed expectation", __tostring = function(self) return self.text end }
local failures = {} -- marks them

function expect.is_failure(value) return type(value) == "table" and rawget(value, "is_failure") == failures end

local function show(value, depth)
  depth = depth or 0
  if type(value) == "string" then return (string.format("%q", value):gsub("\\\n", "\\n")) end
  if type(value) ~= "table" or expect.is_failure(value) then return tostring(value) end
  local mt = getmetatable(value)
  if mt == false or type(mt) == "table" and mt.__tostring then return tostring(value) end
  if depth > 3 then return "{...}" end
  local parts, count = {}, #value
  for i = 1, count do
    parts[#parts + 1] = show(value[i], depth + 1)
    if #parts > 20 then parts[#parts + 1] = "..."; break end
  end
  local good, keys = pcall(native.keys, value)
  if not good then return tostring(value) end
  for _, key in ipairs(keys) do
    if not (math.type(key) == "integer" and key >= 1 and key <= count) then
      local name = type(key) == "string" and key:match "^[%a_][%w_]*$" and key or "[" .. show(key) .. "]"
      parts[#parts + 1] = name .. " = " .. show(value[key], depth + 1)
    end
  end
  return "{ " .. table.concat(parts, ", ") .. " }"
end
expect.show = show

local function missing(value) return value == nil or value == native.null end

-- The differences of two values, as lines; both missing is no difference.
local function differ(path, actual, wanted, out)
  if missing(actual) and missing(wanted) or actual == wanted then return end
  if type(actual) ~= "table" or type(wanted) ~= "table" then
    out[#out + 1] = string.format("%sexpected %s, got %s", path == "" and "" or path .. ": ", show(wanted), show(actual))
    return
  end
  local seen = {}
  for _, side in ipairs { wanted, actual } do
    for key in pairs(side) do
      if not seen[key] then
        seen[key] = true
        local name = type(key) == "string" and (path == "" and key or path .. "." .. key) or path .. "[" .. tostring(key) .. "]"
        differ(name, actual[key], wanted[key], out)
      end
    end
  end
end

local Expectation = check.class("expectation", { value = true, reason = true })

local function fail(self, lines)
  local text = table.concat(lines, "\n    ")
  if self.reason then text = self.reason .. ": " .. text end
  local where = native.where()
  native.expected(where .. text, false)
  if expect.failed then expect.failed(where) end -- of the transcript
  native.finish("state", where .. "expectation failed: " .. text)
  error(setmetatable({ is_failure = failures, text = where .. "expectation failed: " .. text }, Failure), 0)
end

local function passed(self)
  native.expected(native.where() .. "as expected", true)
  return self
end

local function verify(self, good, format, ...)
  if good then return passed(self) end
  fail(self, { string.format(format, ...) })
end

function expect.new(...)
  if select("#", ...) == 0 then misuse "sim.expect takes a value" end
  return setmetatable({ value = (...) }, Expectation)
end

function expect.fail(text) fail({}, { text }) end

function Expectation:why(reason)
  self.reason = check.value("why", reason, "string")
  return self
end

function Expectation:equals(wanted)
  local lines = {}
  differ("", self.value, wanted, lines)
  if #lines > 0 then
    if #lines > 8 then lines = table.move(lines, 1, 8, 1, { [9] = "..." }) end
    if type(self.value) == "table" and type(wanted) == "table" then table.insert(lines, 1, "the values differ:") end
    fail(self, lines)
  end
  return passed(self)
end

function Expectation:is_nil() return verify(self, missing(self.value), "expected nothing, got %s", show(self.value)) end
function Expectation:is_true() return verify(self, self.value == true, "expected true, got %s", show(self.value)) end
function Expectation:is_false() return verify(self, self.value == false, "expected false, got %s", show(self.value)) end

local function number_of(self, what, wanted)
  check.value(what, wanted, "number")
  return type(self.value) == "number"
end

function Expectation:at_least(n)
  return verify(self, number_of(self, "at_least", n) and self.value >= n, "expected at least %s, got %s", show(n), show(self.value))
end

function Expectation:at_most(n)
  return verify(self, number_of(self, "at_most", n) and self.value <= n, "expected at most %s, got %s", show(n), show(self.value))
end

function Expectation:contains(wanted)
  local found = false
  if type(self.value) == "string" then
    found = type(wanted) == "string" and self.value:find(wanted, 1, true) ~= nil
  elseif type(self.value) == "table" then
    for _, item in ipairs(self.value) do
      local lines = {}
      differ("", item, wanted, lines)
      found = found or #lines == 0
    end
  end
  return verify(self, found, "expected something that contains %s, got %s", show(wanted), show(self.value))
end

function Expectation:has(fields)
  check.value("has", fields, "table")
  if type(self.value) ~= "table" then
    return verify(self, false, "expected something with %s, got %s", show(fields), show(self.value))
  end
  local lines = {}
  for key, wanted in pairs(fields) do differ(tostring(key), self.value[key], wanted, lines) end
  if #lines > 0 then fail(self, lines) end
  return passed(self)
end

function Expectation:has_length(n)
  check.value("has_length", n, "count")
  local value = self.value
  if type(value) ~= "table" and type(value) ~= "string" then
    return verify(self, false, "expected %s items, got %s", show(n), show(value))
  end
  return verify(self, #value == n, "expected %s items, got %s: %s", show(n), show(#value), show(value))
end

function Expectation:matches(pattern)
  check.value("matches", pattern, "string")
  return verify(self, type(self.value) == "string" and self.value:find(pattern) ~= nil,
    "expected a text that matches %s, got %s", show(pattern), show(self.value))
end

-- sim.fails("state", client:purge "todoitem")
function expect.fails(code, value, message, actual)
  check.one_of("sim.fails", code, std.codes)
  if value then fail({}, { string.format("expected the failure %s, got %s", code, show(value)) }) end
  if actual ~= code then
    fail({}, { string.format("expected the failure %s, got %s%s", code, show(actual), message and " (" .. tostring(message) .. ")" or "") })
  end
  passed()
  return message
end

return expect
