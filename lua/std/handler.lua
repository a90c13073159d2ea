-- Policies and handlers: Lua functions that decide about operations, in tasks of their own. The engine asks from inside its
-- run; what it asked is put down here and taken up in an event of its own.
local native, std = ...
local task, check = std.task, std.check
local misuse = check.misuse
local handler = { asked = {} }

local registered = {} -- device number -> { client, handler, policies, policy_all, on_error, on_push_complete, open }

local Operation = { __name = "operation", __metatable = false }
Operation.__index = Operation
Operation.__tostring = function(self) return string.format("operation %s %s/%s", self.kind, self.table, self.id) end
local ABORT = setmetatable({}, { __name = "abort", __tostring = function() return "the push was aborted" end })
local FAIL = setmetatable({}, { __name = "fail", __tostring = function() return "the operation failed" end })

function handler.register(client, options)
  registered[client.number] = { client = client, handler = options.handler, policies = options.policies,
    policy_all = options.policy_all, on_error = options.on_error, on_push_complete = options.on_push_complete, open = {} }
end

local function answer(device, attempt, kind, row, delete, action)
  return native.decide(device, attempt.incarnation, attempt.decision, kind, attempt.table, row, delete, action)
end

-- What a task that decides is run with: it dies with the process that asked, and what it raises is the code under test's.
local function options_for(device, attempt, what, extra)
  extra.alive = function() return native.incarnation(device) == attempt.incarnation end
  extra.failed = function(text)
    native.finish("crashed", string.format("%s of client %s raised: %s", what, registered[device].client.name, text))
  end
  return extra
end

local function key_of(device, what, attempt)
  return string.format("%s/%s %s %s", registered[device].client.name, what, attempt.operation or 0, attempt.attempt or 0)
end

-- -- policies: asked about a conflict, answer once --

local function copy(row)
  local out = {}
  for key, value in pairs(row or {}) do out[key] = value end
  return out
end

-- The same item again, over the version that the server has now.
local function send_again(attempt)
  local item = copy(attempt.item or attempt.client or { id = attempt.id })
  item.id = attempt.id
  if native.has_version(attempt.device, attempt.table) then
    item.version = attempt.server and attempt.server.version or native.null
  end
  return item
end

-- The same answers where an operation can be made another one, and a deleted row is never brought back by its operation.
local function answer_by_log(device, attempt, decision)
  local server = attempt.server
  if decision == "client" then
    if attempt.kind == "insert" then return answer(device, attempt, "send", nil, false, "update") end
    if not server then return answer(device, attempt, "fail") end
    return answer(device, attempt, "send", send_again(attempt), false, attempt.kind == "delete" and "delete" or nil)
  end
  if attempt.kind == "insert" then return answer(device, attempt, "return", nil, true) end
  return answer(device, attempt, "return", attempt.kind == "update" and server or nil)
end

local answers = { "client", "server", "nothing", "abort", "fail" }

local function apply_policy(device, attempt, decision)
  local by_log = native.changes_action(device)
  if decision == nil and by_log then decision = "fail" end
  if type(decision) == "table" and decision ~= native.null then
    local item = copy(decision)
    item.id = item.id or attempt.id
    if item.version == nil and native.has_version(device, attempt.table) then
      item.version = attempt.server and attempt.server.version or native.null
    end
    return answer(device, attempt, "send", item)
  end
  check.one_of("the answer of a policy", decision, answers)
  if by_log and (decision == "client" or decision == "server") then return answer_by_log(device, attempt, decision) end
  if decision == "client" then return answer(device, attempt, "send", send_again(attempt)) end
  if decision == "server" then
    local row = attempt.server
    if row == nil and attempt.status ~= 404 and attempt.status ~= 410 then return answer(device, attempt, "fail") end
    local gone = row == nil or row.deleted == true
    return answer(device, attempt, "return", row, gone)
  end
  if decision == "nothing" then return answer(device, attempt, "return") end
  answer(device, attempt, decision)
end

-- What a policy is asked about. Its methods decide at once; then what the policy returns does not matter.
local Conflict = { __name = "conflict", __metatable = false }
Conflict.__index = Conflict
Conflict.__tostring = function(self) return string.format("conflict %s %s/%s: status %s", self.kind, self.table, self.id, self.status) end
local undecided = {} -- conflict -> { device, attempt }, while nobody has decided

local function decide(self, verb, kind, row, delete, action)
  if getmetatable(self) ~= false or not rawget(self, "kind") then misuse("%s: call it with a colon, as conflict:%s(...)", verb, verb) end
  local state = undecided[self]
  if not state then misuse("%s: this conflict is decided", verb) end
  if row ~= nil then
    check.value(verb, row, "table")
    row = copy(row)
    row.id = row.id or self.id
  end
  local good, message, code = answer(state.device, state.attempt, kind, row, delete, action)
  if not good then return nil, message, code end
  undecided[self] = nil
  return true
end

function Conflict:cancel() return decide(self, "cancel", "return") end
function Conflict:cancel_and_update(row) return decide(self, "cancel_and_update", "return", check.value("cancel_and_update", row, "table")) end
function Conflict:cancel_and_discard() return decide(self, "cancel_and_discard", "return", nil, true) end
function Conflict:update(row) return decide(self, "update", "send", check.value("update", row, "table")) end
function Conflict:retry() return decide(self, "retry", "send") end
function Conflict:change_action(kind, row)
  check.one_of("change_action", kind, { "insert", "update", "delete" })
  return decide(self, "change_action", "send", row, false, kind)
end

local function ask(device, attempt, fn)
  local conflict = setmetatable({ kind = attempt.kind, table = attempt.table, id = attempt.id, status = attempt.status,
    base = attempt.base, client = attempt.client or attempt.item, server = attempt.server, attempt = attempt.attempt }, Conflict)
  undecided[conflict] = { device = device, attempt = attempt }
  local decision = fn(conflict)
  local open = undecided[conflict] ~= nil
  undecided[conflict] = nil
  if open and not apply_policy(device, attempt, decision) then answer(device, attempt, "fail") end
end

local function run_policy(device, attempt)
  local entry = registered[device]
  local is_error = attempt.code ~= "conflict" and native.changes_action(device)
  local fn = entry.policies[attempt.table] or entry.policy_all
  if is_error then fn = entry.on_error end
  if type(fn) ~= "function" then return answer(device, attempt, "fail") end
  local what = is_error and "on_error" or "policy"
  local said = is_error and what or "the policy"
  task.start(key_of(device, what, attempt), options_for(device, attempt, said, { fn = fn }), function()
    ask(device, attempt, fn)
  end)
end

-- -- handlers: run once for an operation, may execute it again and again --

function Operation:execute()
  if type(self) ~= "table" or not rawget(self, "attempt") then misuse "execute: call it as op:execute()" end
  if self.done then misuse "execute: this operation is over" end
  local entry = registered[self.device]
  local slot = task.slot()
  entry.open[self.attempt.operation] = { slot = slot, operation = self }
  local good, message = answer(self.device, self.attempt, "send", self.item)
  if not good then
    task.drop(slot)
    return nil, { status = 0, code = "crashed", message = message }
  end
  local attempt = task.wait()
  self.attempt = attempt
  if attempt.code == nil then return attempt.server or copy(attempt.item) end
  return nil, { status = attempt.status, server = attempt.server, base = attempt.base, code = attempt.code }
end

function Operation:abort() error(ABORT, 0) end
function Operation:fail() return FAIL end

local function finish_handler(self, good, result)
  self.done = true
  registered[self.device].open[self.attempt.operation] = nil
  if not good then
    if result ~= ABORT then error(result, 0) end
    answer(self.device, self.attempt, "abort")
  elseif result == FAIL then
    answer(self.device, self.attempt, "fail")
  elseif result == nil or result == native.null then
    answer(self.device, self.attempt, "return")
  elseif type(result) == "table" then
    answer(self.device, self.attempt, "return", result, result.deleted == true)
  else
    misuse("a handler returns the row to store, nothing, or op:fail(), not a %s", type(result))
  end
end

local function run_handler(device, attempt)
  local entry = registered[device]
  local waiting = entry.open[attempt.operation]
  if waiting and attempt.phase == "answered" and waiting.operation.attempt.incarnation == attempt.incarnation then
    entry.open[attempt.operation] = nil
    return task.deliver(waiting.slot, attempt)
  end
  if attempt.phase == "answered" then return answer(device, attempt, "fail") end
  local self = setmetatable({ device = device, attempt = attempt, kind = attempt.kind, table = attempt.table, id = attempt.id,
    item = attempt.item or { id = attempt.id } }, Operation)
  task.start(key_of(device, "handler", attempt), options_for(device, attempt, "the handler", { fn = entry.handler }), function()
    finish_handler(self, pcall(entry.handler, self))
  end)
end

local function run_completion(device, asked)
  local entry = registered[device]
  local result = std.client.dress(entry.client, asked.result)
  task.start(key_of(device, "on_push_complete", asked), options_for(device, asked, "on_push_complete", { fn = entry.on_push_complete }), function()
    native.completed(device, asked.incarnation, asked.decision, entry.on_push_complete(result) == false)
  end)
end

-- Called by the simulator in an event of its own.
function handler.take_up()
  local asked = handler.asked
  handler.asked = {}
  for _, one in ipairs(asked) do
    local entry = registered[one.device]
    if native.incarnation(one.device) == one.incarnation then
      if one.result then
        run_completion(one.device, one)
      elseif entry.handler then
        run_handler(one.device, one)
      else
        run_policy(one.device, one)
      end
    end
  end
end

return handler
