-- Lines that a person says in the middle of a run (`syncsim replay --shell`): each is a driver of its own, with the scenario's
-- verbs, the world, and the clients by name. What it sets stays for the lines behind it.
local native, std = ...
local task = std.task
local shell = {}
local said = 0
local open -- the line that has not ended

local environment = setmetatable({}, { __index = function(_, key)
  if key == "world" then return std.world.handle end
  if key == "sim" then return std.sim end
  for _, one in ipairs(std.client.list) do
    if one.name == key then return one end
  end
  return native.globals[key]
end })

local function text_of(value)
  local good, text = pcall(std.transcript.write, value)
  return good and text or tostring(value)
end

local function show(good, ...)
  open = nil
  if not good then return native.show("error: " .. tostring((...))) end
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = text_of((select(i, ...))) end
  if parts[1] then native.show(table.concat(parts, ", ")) end
end

-- nil, message when it is no Lua.
function shell.say(text)
  local load = native.globals.load
  local fn, problem = load("return " .. text, "=line", "t", environment)
  if not fn then fn, problem = load(text, "=line", "t", environment) end
  if not fn then return nil, problem end
  said = said + 1
  open = said
  task.start("shell/" .. said, { counted = true }, function() show(pcall(fn)) end)
  return true
end

function shell.waits() return open ~= nil end

return shell
