-- What an app expects of its data: functions that are asked when the server has committed, when a pull has ended, or at rest.
-- A violation is a finding of the run, not the scenario's end; it is told once, until it holds again.
local native, std = ...
local check = std.check
local invariant = {}

local rules = { commit = {}, pull = {}, rest = {} }
local moments = { "commit", "pull", "rest" }

-- Rows that are not deleted, by id, as the server (device 0) or a device shows them.
local function reader(device)
  return function(name) return native.rows(device, check.value("read", name, "string")) end
end

local function ask(rule, device, where)
  local good, held, why = pcall(rule.check, reader(device), where)
  if not good then
    return native.finish(std.expect.is_failure(held) and "state" or "parse", std.task.text_of(held))
  end
  if not held and not rule.broken[where] then
    native.violated(rule.name, where, why == nil and "" or tostring(why))
  end
  rule.broken[where] = not held
end

-- Somebody has committed (device 0), or a device's pull has ended.
function invariant.moment(at, device)
  local where = device == 0 and "server" or std.client.list[device].name
  if not native.has_rows(device) then return end
  for _, rule in ipairs(rules[at]) do ask(rule, device, where) end
end

function invariant.at_rest()
  for device = 0, rules.rest[1] and #std.client.list or -1 do invariant.moment("rest", device) end
end

function invariant.add(options)
  options = check.options("invariant", options, { name = "string", at = moments, check = "function" })
  for _, key in ipairs { "name", "check" } do
    if options[key] == nil then check.misuse("invariant: the key '%s' is required", key) end
  end
  local of = rules[options.at or "commit"]
  of[#of + 1] = { name = options.name, check = options.check, broken = {} }
  native.watch_moments()
end

return invariant
