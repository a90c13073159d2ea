-- What a run did, as lines of a story: every verb that a driver said, with its arguments, when it began. Only for runs that are
-- asked for it (script_limits.transcript): it puts itself before the verbs.
local native, std = ...
local task = std.task
local transcript = {}

local words = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true until while
  sim world pushed problems_of]]):gmatch "%a[%w_]*" do words[word] = true end

-- -- values as Lua --

local write
local variables = {} -- client -> the variable that holds it
local taken = {} -- variable -> true
local problems = {} -- push error -> how the story reaches it, and the push that it is of

local function write_text(text)
  local out = text:gsub('[%c"\\]', function(c)
    return c == '"' and '\\"' or c == "\\" and "\\\\" or c == "\n" and "\\n" or string.format("\\%03d", c:byte())
  end)
  if not utf8.len(out) then out = out:gsub("[\128-\255]", function(c) return string.format("\\%03d", c:byte()) end) end
  return '"' .. out .. '"'
end

local function write_key(key)
  if type(key) == "string" and key:match "^[%a_][%w_]*$" and not words[key] then return key .. " = " end
  return "[" .. write(key) .. "] = "
end

local function write_table(value, depth)
  if depth > 20 then error("a table is too deep", 0) end
  local parts, count = {}, 0
  for i = 1, #value do
    if value[i] == nil then break end
    count = i
    parts[i] = write(value[i], depth + 1)
  end
  for _, key in ipairs { "name", "id" } do -- who it is comes first
    if value[key] ~= nil then parts[#parts + 1] = write_key(key) .. write(value[key], depth + 1) end
  end
  for key, one in pairs(value) do
    if key ~= "name" and key ~= "id" and not (math.type(key) == "integer" and key >= 1 and key <= count) then
      parts[#parts + 1] = write_key(key) .. write(one, depth + 1)
    end
  end
  return #parts == 0 and "{}" or "{ " .. table.concat(parts, ", ") .. " }"
end

-- The function's text, with what it uses from outside as locals before it.
local function write_function(fn, depth)
  local text, where = native.function_text(fn)
  if not text then error("the text of the function at " .. where .. " can't be copied", 0) end
  local outside = {}
  for i, one in ipairs(native.upvalues(fn)) do
    if one.name == "" then error("the function at " .. where .. " can't be copied", 0) end
    if one.name ~= "_ENV" and one.value ~= std.sim then
      outside[#outside + 1] = "local " .. one.name .. " = " .. write(one.value, depth + 1) .. "; "
    end
  end
  if #outside == 0 then return text end
  return "(function() " .. table.concat(outside) .. "return " .. text .. " end)()"
end

function write(value, depth)
  depth = depth or 0
  local kind = type(value)
  if kind == "string" then return write_text(value) end
  if kind == "number" or kind == "boolean" or kind == "nil" then
    local text = tostring(value)
    return math.type(value) == "float" and tonumber(text) ~= value and string.format("%q", value) or text
  end
  if value == native.null then return "sim.null" end
  if variables[value] then return variables[value] end
  if value == std.sim then return "sim" end
  if value == std.world.handle then return "world" end
  if value == std.server.handle() then return "world.server" end
  if kind == "table" then return write_table(value, depth) end
  if kind == "function" then return write_function(value, depth) end
  local good, text = pcall(std.sim.time_text, value)
  if good then return "sim.time " .. write_text(text) end
  error("a value of type " .. kind .. " can't be written", 0)
end

-- f(x), f "text", f { ... }
local function write_call(...)
  local count = select("#", ...)
  while count > 0 and (select(count, ...)) == nil do count = count - 1 end
  local first = count == 1 and ... or nil
  if count == 1 and (type(first) == "string" or type(first) == "table" and not variables[first]) then return " " .. write(first) end
  local parts = {}
  for i = 1, count do parts[i] = write((select(i, ...))) end
  return "(" .. table.concat(parts, ", ") .. ")"
end

local function variable_of(name)
  local base = name:gsub("[^%w_]", "_")
  if not base:match "^[%a_]" or words[base] then base = "client_" .. base end
  local variable, number = base, 1
  while taken[variable] do
    number = number + 1
    variable = base .. "_" .. number
  end
  taken[variable] = true
  return variable
end

-- -- recording --

-- Only what a driver says itself counts: not what a verb, a handler or a store does on the way.
local function listening()
  local t = task.current()
  return t ~= nil and t.counted and not t.saying and not native.in_store()
end

local function over(t, number, ...)
  t.saying = nil
  native.verb_over(number)
  return ...
end

local commits_spread -- the reproduction chooses how long commits take

local function begin(text_of, ...)
  if commits_spread == nil then commits_spread = native.listed "commit-delay" end
  local good, text = pcall(text_of, ...)
  if not good then native.no_story(text) end
  local t = task.current()
  t.saying, t.verb = true, native.verb(good and text or "")
  return t.verb
end

local function wrap(class, names, object_of)
  for name in names:gmatch "%a[%w_]*" do
    local inner = class[name]
    local function text_of(self, ...) return object_of(self) .. ":" .. name .. write_call(...) end
    class[name] = function(self, ...)
      if not listening() then return inner(self, ...) end
      local number = begin(text_of, self, ...)
      return over(task.current(), number, inner(self, ...))
    end
  end
end

-- The line of an expectation that failed, as it stands in the file, where it is a statement of its own.
local function write_expectation(where)
  local text = listening() and native.source_line(where)
  if text and native.globals.load(text, "=line", "t", {}) then native.verb_over(native.verb(text, true)) end
end

local function variable(self) return variables[self] or error("a client of another kind", 0) end

-- A row that got its id from the engine has it from the start in the story.
local function wrap_insert(class, object_of)
  local inner = class.insert
  function class:insert(row)
    if not listening() or type(row) ~= "table" or row.id ~= nil then return inner(self, row) end
    local number = begin(function() return "" end)
    local made, message, code, result = inner(self, row)
    if made then
      local named = { id = made.id }
      for key, value in pairs(row) do named[key] = value end
      native.verb_text(number, object_of(self) .. ":insert " .. write(named))
    end
    return over(task.current(), number, made, message, code, result)
  end
end

-- Errors of a push are reached through the push that gave them.
local function wrap_errors(dress)
  return function(self, result)
    dress(self, result)
    local t = task.current()
    if result and t and t.saying then
      for i, problem in ipairs(result.errors) do problems[problem] = { push = t.verb, text = string.format("pushed[%d][%d]", t.verb, i) } end
    end
    return result
  end
end

local function problem_text(self)
  local known = problems[self] or error("an error of a push that was not recorded", 0)
  native.verb_kept(known.push)
  return known.text
end

local function wrap_client(class)
  local inner = class.client
  function class:client(options)
    if not listening() then return inner(self, options) end
    local number = begin(function() return "" end)
    local made = inner(self, options)
    local named = {}
    for key, value in pairs(options) do named[key] = value end
    named.dialect, named.weather = native.device_dialect(made.number), nil
    if not native.listed "latency" then named.latency_spread = nil end
    variables[made] = variable_of(made.name)
    local good, text = pcall(function() return "world:client " .. write(named) end)
    if not good then native.no_story(text) end
    native.verb_text(number, good and text or "", variables[made], made.name)
    return over(task.current(), number, made)
  end
end

transcript.write = write

-- What a user said, who is no driver: the number of the verb.
function transcript.said(number, edit, name, id, row)
  if commits_spread == nil then commits_spread = native.listed "commit-delay" end
  local text = variable(std.client.list[number]) .. ":"
  if edit == "sync" then return native.verb(text .. "sync()") end
  return native.verb(text .. "table(" .. write(name) .. "):" .. edit .. write_call(row or id))
end

local definition

function transcript.start()
  local classes = std.client.classes
  wrap_client(std.world.class)
  wrap(std.world.class, "settle always invariant", function() return "world" end)
  wrap(std.world.link_class, "drop_next fail_next block unblock clog latency weather", function(self) return "world:link(" .. variable(self.client) .. ")" end)
  wrap(classes.Client, "push pull purge sync offline online metered crash start restart crash_at fail_at disk clock", variable)
  local function table_of(self) return variable(self.client) .. ":table(" .. write(self.name) .. ")" end
  local function remote_of(self) return variable(self.client) .. ":remote(" .. write(self.name) .. ")" end
  local function office_of(self) return "world.server:table(" .. write(self.name) .. ")" end
  wrap(classes.Table, "insert update delete lookup read", table_of)
  wrap(classes.Remote, "insert update delete undelete", remote_of)
  wrap(classes.Problem, "cancel_and_update cancel_and_discard update_operation cancel change_action", problem_text)
  wrap(std.server.class, "crash restart notify", function() return "world.server" end)
  wrap(std.server.table_class, "insert update delete undelete", office_of)
  wrap_insert(classes.Table, table_of)
  wrap_insert(classes.Remote, remote_of)
  wrap_insert(std.server.table_class, office_of)
  std.client.dress = wrap_errors(std.client.dress)
  std.expect.failed = write_expectation
  for _, kind in ipairs { "story", "world" } do
    local inner = std.sim[kind]
    std.sim[kind] = function(options)
      definition = options
      return inner(options)
    end
  end
end

-- "tables = {...}", "server = {...}": what stands before `run`.
function transcript.head()
  local server = {}
  for key, value in pairs(definition.server or {}) do server[key] = value end
  server.dialect = native.server_dialect()
  if not commits_spread then server.commit_spread = nil end
  return "tables = " .. write(definition.tables), "server = " .. write(server)
end

return transcript
