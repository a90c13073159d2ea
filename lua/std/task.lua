-- Drivers: coroutines that wait for the simulator. A wait has a slot; the simulator delivers to it, and the coroutine that
-- waits there goes on. Coroutines of the script's own pass a wait on to the driver that runs them.
local native, std = ...
local misuse = std.check.misuse
local resume, create, status, yield = coroutine.resume, coroutine.create, coroutine.status, coroutine.yield
local close, isyieldable = coroutine.close, coroutine.isyieldable
local pack, unpack = table.pack, table.unpack

local task = { always = {} }
local WAIT = {}
local waiting = {} -- slot -> task
local slot_last = 0
local open = 0 -- drivers that have not ended
local current

local Task = { __name = "task" }
Task.__index = Task
Task.__metatable = false

function task.current() return current end

-- A slot of the driver that runs; to be handed to the simulator, then waited for.
function task.slot()
  if native.in_store() then misuse "a store may not wait" end
  if not current then misuse "this waits, and only drivers can: functions that the scenario runs in virtual time" end
  if not isyieldable() then misuse "this waits, which is not possible inside a sort, a replacement or a metamethod" end
  slot_last = slot_last + 1
  current.waits = current.waits + 1
  waiting[slot_last] = current
  current.slot = slot_last
  return slot_last
end

function task.wait() return yield(WAIT) end

-- Which wait of which driver the last slot is.
function task.identity() return current.key, current.waits end

-- Gives the slot back: what was asked for could not begin.
function task.drop(slot) waiting[slot] = nil end

function task.text_of(problem)
  if type(problem) == "string" then return problem end
  if std.expect and std.expect.is_failure(problem) then return tostring(problem) end
  local mt = getmetatable(problem)
  if type(problem) == "table" and not (mt and mt.__tostring) then return "(error object is a table)" end
  return tostring(problem)
end

-- A call in tail position leaves no line behind: then the function that did it is named.
local function located(t, text)
  if text:find "^[^:\n]+:%d+: " then return text end
  return native.defined(t.fn) .. text
end

local function fail(t, problem)
  if std.expect.is_failure(problem) then return native.finish("state", located(t, tostring(problem))) end
  if t.failed then return t.failed(located(t, task.text_of(problem))) end
  native.finish("parse", located(t, task.text_of(problem)))
end

local function finish(t)
  t.ended = true
  if t.counted then
    open = open - 1
    if open == 0 then native.finish "ok" end
  end
  local joiners = t.joiners
  if joiners then
    for _, slot in ipairs(joiners) do task.deliver(slot, unpack(t.results, 1, t.results.n)) end
  end
  if t.on_end then t.on_end(unpack(t.results, 1, t.results.n)) end
end

local function check_always()
  for _, rule in ipairs(task.always) do
    local good, result = pcall(rule.check)
    if not good then
      native.finish(std.expect.is_failure(result) and "state" or "parse", task.text_of(result))
    elseif not result then
      native.finish("state", rule.where .. "always: what must hold did not hold")
    end
  end
end

local function after(t, good, first, ...)
  if not good then
    t.ended = true
    fail(t, first)
  elseif status(t.co) == "dead" then
    t.results = pack(first, ...)
    finish(t)
  elseif first ~= WAIT then
    t.ended = true
    fail(t, "coroutine.yield in a driver, outside of a coroutine of its own")
  end
  if t.counted and task.always[1] then check_always() end
end

local function step(t, ...)
  if t.ended then return end
  local before = current
  if t.alive and not t.alive() then
    t.ended = true
    close(t.co)
    return
  end
  current = t
  after(t, resume(t.co, ...))
  current = before
end

function task.deliver(slot, ...)
  local t = waiting[slot]
  waiting[slot] = nil
  if t and t.slot == slot then step(t, ...) end
end

-- options: counted (the run waits for it), failed (instead of ending the scenario), alive, on_end
function task.start(key, options, fn, ...)
  local t = setmetatable({ co = create(fn), fn = options.fn or fn, key = key, children = 0, draws = 0, waits = 0, counted = options.counted,
    failed = options.failed, alive = options.alive, on_end = options.on_end }, Task)
  if t.counted then open = open + 1 end
  step(t, ...)
  return t
end

-- The run goes on when all drivers have ended, until it is let go.
function task.hold() open = open + 1 end
function task.release()
  open = open - 1
  if open == 0 then native.finish "ok" end
end

-- A driver beside the one that runs; its draws depend on whose how-manieth child it is, and on nothing else.
function task.spawn(fn, ...)
  local parent = current
  local key = "main"
  if parent then
    parent.children = parent.children + 1
    key = parent.key .. "/" .. parent.children
  end
  return task.start(key, { counted = true }, fn, ...)
end

function Task:join()
  if getmetatable(self) ~= false or not self.co then misuse "join: call it as task:join()" end
  if self == current then misuse "join: a task can't wait for itself" end
  if self.ended then return unpack(self.results or { n = 0 }, 1, self.results and self.results.n or 0) end
  local slot = task.slot()
  self.joiners = self.joiners or {}
  self.joiners[#self.joiners + 1] = slot
  return task.wait()
end

-- The push or pull that this driver waits for, as a cancellation token does. Was there one?
function Task:cancel()
  if getmetatable(self) ~= false or not self.co then misuse "cancel: call it as task:cancel()" end
  return self.ticket ~= nil and native.cancel(self.device, self.ticket)
end
Task.__tostring = function(self) return "task " .. self.key end

-- What the sandbox offers as coroutine.resume, wrap: a wait inside belongs to the driver outside.
local function pass_on(co, good, first, ...)
  if good and first == WAIT then return pass_on(co, resume(co, yield(WAIT))) end
  return good, first, ...
end

function task.resume(co, ...) return pass_on(co, resume(co, ...)) end

local function raise(good, ...)
  if good then return ... end
  error((...), 0)
end

function task.wrap(fn)
  local co = create(fn)
  return function(...) return raise(pass_on(co, resume(co, ...))) end
end

return task
