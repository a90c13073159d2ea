-- A device and its tables. Verbs wait in virtual time; an expected failure is nil, message, code.
local native, std = ...
local check, task = std.check, std.task
local misuse = check.misuse
local client = { list = {}, options = {} }

local Client, Table, Remote = check.class "client", check.class "table", check.class "remote table"
local Problem = { __name = "push error", __metatable = false }
Problem.__index = Problem
client.classes = { Client = Client, Table = Table, Remote = Remote, Problem = Problem }
Client.__tostring = function(self) return "client " .. self.name end
Table.__tostring = function(self) return "table " .. self.client.name .. "/" .. self.name end
Remote.__tostring = function(self) return "remote table " .. self.client.name .. "/" .. self.name end
Problem.__tostring = function(self) return string.format("%s %s/%s: status %s", self.kind, self.table, self.id, self.status) end


Client.__newindex = function(_, key) misuse("client.%s: what a client is like is said to world:client", tostring(key)) end

local function number_of(self, verb)
  local number = type(self) == "table" and rawget(self, "number") or nil
  if not number or client.list[number] ~= self then misuse("%s: call it with a colon, as client:%s(...)", verb, verb) end
  return number
end

function client.is(value) return type(value) == "table" and client.list[rawget(value, "number") or 0] == value end

-- Asks the engine and waits for the end of it.
local function call(number, spec)
  local slot = task.slot()
  local good, message, code = native.call(number, slot, spec)
  if not good then
    task.drop(slot)
    return nil, message, code
  end
  return task.wait()
end
client.call = call

local function over(t, ...)
  t.device, t.ticket = nil, nil
  return ...
end

-- The same for a push or a pull: task:cancel() finds it.
local function cancellable(number, spec)
  local slot = task.slot()
  local ticket, message, code = native.call(number, slot, spec)
  if not ticket then
    task.drop(slot)
    return nil, message, code
  end
  local t = task.current()
  t.device, t.ticket = number, ticket
  return over(t, task.wait())
end

-- -- tables --

local function id_text(what, value)
  if type(value) ~= "string" then misuse("%s: takes an id, a text, not a %s", what, type(value)) end
  return value
end

local query_keys = { where = "table", order = "string|table", skip = "count", top = "count", select = "string|table" }

local function read_query(what, query, keys)
  if query == nil then return {} end
  return check.options(what, query, keys or query_keys)
end
client.read_query = read_query

local function row_of(what, row)
  if type(row) ~= "table" then misuse("%s: takes a row, a table, not a %s", what, type(row)) end
  return row
end

local function table_of(self, verb)
  if type(self) ~= "table" or not rawget(self, "client") then misuse("%s: call it with a colon, as table:%s(...)", verb, verb) end
  return self.client.number
end

function Table:insert(row)
  return call(table_of(self, "insert"), { verb = "insert", table = self.name, row = row_of("insert", row) })
end

function Table:update(row)
  return call(table_of(self, "update"), { verb = "update", table = self.name, row = row_of("update", row) })
end

function Table:delete(what)
  local number = table_of(self, "delete")
  if type(what) == "table" then
    return call(number, { verb = "delete", table = self.name, id = id_text("delete: the row's id", what.id),
      row = { id = what.id, version = what.version } })
  end
  return call(number, { verb = "delete", table = self.name, id = id_text("delete", what) })
end

function Table:lookup(id)
  return call(table_of(self, "lookup"), { verb = "lookup", table = self.name, id = id_text("lookup", id) })
end

function Table:read(query)
  return call(table_of(self, "read"), { verb = "query", table = self.name, query = read_query("read", query) })
end

function Table:count(query)
  local rows, message, code = self:read(query)
  if not rows then return nil, message, code end
  return #rows
end

local function remote(self, verb, spec)
  local number = table_of(self, verb)
  spec.verb, spec.table = "remote", self.name
  return call(number, spec)
end

function Remote:insert(row) return remote(self, "insert", { method = "insert", row = row_of("insert", row) }) end
function Remote:update(row)
  row = row_of("update", row)
  return remote(self, "update", { method = "update", row = row, id = id_text("update: the row's id", row.id) })
end
function Remote:delete(what)
  if type(what) == "table" then
    return remote(self, "delete", { method = "delete", id = id_text("delete: the row's id", what.id),
      row = { id = what.id, version = what.version } })
  end
  return remote(self, "delete", { method = "delete", id = id_text("delete", what) })
end
function Remote:undelete(id) return remote(self, "undelete", { method = "undelete", id = id_text("undelete", id) }) end
function Remote:lookup(id)
  local row, message, code = remote(self, "lookup", { method = "read", id = id_text("lookup", id) })
  if not row and code == "not_found" then return nil end
  return row, message, code
end
local remote_keys = { where = "table", order = "string|table", skip = "count", top = "count", select = "string|table",
  include_deleted = "boolean" }
function Remote:read(query)
  query = read_query("read", query, remote_keys)
  return remote(self, "read", { method = "query", query = query, include_deleted = query.include_deleted })
end
function Remote:count(query)
  local rows, message, code = self:read(query)
  if not rows then return nil, message, code end
  return #rows
end

function Client:table(name)
  local number = number_of(self, "table")
  native.check_table(number, check.value("table", name, "string"))
  return setmetatable({ client = self, name = name }, Table)
end

function Client:remote(name)
  local number = number_of(self, "remote")
  native.check_table(number, check.value("remote", name, "string"))
  return setmetatable({ client = self, name = name }, Remote)
end

-- -- the inbox: what a policy left to a person --

local Entry = check.class("entry of the inbox", { base = true, client = true, server = true })
Entry.__tostring = function(self) return string.format("%s %s %s/%s", self.state, self.kind, self.table, self.id) end

local function entry_of(self, verb)
  if type(self) ~= "table" or not rawget(self, "number") then misuse("%s: call it with a colon, as entry:%s(...)", verb, verb) end
  return rawget(self, "device")
end

function Client:inbox()
  local entries, message, code = native.inbox(number_of(self, "inbox"))
  if not entries then return nil, message, code end
  for _, entry in ipairs(entries) do
    entry.device = self.number
    setmetatable(entry, Entry)
  end
  return entries
end

local function with_version(entry, row)
  local out = {}
  for key, value in pairs(row) do out[key] = value end
  out.id = entry.id
  out.version = entry.server and entry.server.version or native.null
  return out
end

-- The row is what the person wants: a held operation goes on with it, over the server's row that the person saw.
function Entry:use(row)
  local number = entry_of(self, "use")
  row = row_of("use", row)
  if self.state == "held" then
    return call(number, { verb = "resolve", table = self.table, operation = self.operation, resolution = "update_operation",
      row = with_version(self, row) })
  end
  local change = with_version(self, row)
  change.version = nil
  local there, message, code = call(number, { verb = "lookup", table = self.table, id = self.id })
  if code then return nil, message, code end
  return call(number, { verb = there and "update" or "insert", table = self.table, row = change, inbox_entry = self.number })
end

function Entry:dismiss()
  local number = entry_of(self, "dismiss")
  if self.state ~= "held" then return call(number, { verb = "dismiss", table = self.table, inbox_entry = self.number }) end
  local gone = self.server == nil or self.server.deleted == true
  return call(number, { verb = "resolve", table = self.table, operation = self.operation,
    resolution = gone and "cancel_and_discard" or "cancel_and_update", row = not gone and self.server or nil })
end

-- -- push, pull, purge --

-- The errors of a push get their resolutions.
function client.dress(self, result)
  if result then
    for _, problem in ipairs(result.errors) do
      problem.client = self
      setmetatable(problem, Problem)
    end
  end
  return result
end

function Client:push(...)
  local number = number_of(self, "push")
  local names = { ... }
  for i = 1, select("#", ...) do native.check_table(number, check.value("push", names[i], "string")) end
  local result, message, code, failed = cancellable(number, { verb = "push", tables = names })
  if result then return client.dress(self, result) end
  return nil, message, code, client.dress(self, failed)
end

local pull_keys = { table = "string!", where = "table", query_id = "string", push_other_tables = "boolean", page_size = "count",
  write_interval = "number of", order = "string|table", top = "count", skip = "count", select = "string|table" }

function Client:pull(what)
  local number = number_of(self, "pull")
  if type(what) == "string" then what = { table = what } end
  local options = check.options("pull", what, pull_keys)
  native.check_table(number, options.table)
  local count, message, code, failed = cancellable(number, { verb = "pull", table = options.table, query = options,
    query_id = options.query_id, page_size = options.page_size, push_other_tables = options.push_other_tables,
    write_interval = options.write_interval })
  if count then return count end
  return nil, message, code, client.dress(self, failed)
end

local purge_keys = { table = "string!", where = "table", query_id = "string", force = "boolean", top = "count", skip = "count",
  order = "string|table", select = "string|table", reset_associated_queries = "boolean" }

function Client:purge(what)
  local number = number_of(self, "purge")
  if type(what) == "string" then what = { table = what } end
  local options = check.options("purge", what, purge_keys)
  native.check_table(number, options.table)
  return call(number, { verb = "purge", table = options.table, query = options, query_id = options.query_id,
    force = options.force, reset_associated_queries = options.reset_associated_queries })
end

function Client:sync()
  number_of(self, "sync")
  local result, message, code, failed = self:push()
  if not result then return nil, message, code, failed end
  for _, name in ipairs(native.tables(self.number)) do
    local count, why, what, push = self:pull { table = name, query_id = "all" }
    if not count then return nil, why, what, push end
  end
  return result
end

local needs_row = { cancel_and_update = true, update_operation = true }

local function resolve(self, verb, row, action)
  if type(self) ~= "table" or not rawget(self, "operation") then misuse("%s: call it with a colon, as problem:%s(...)", verb, verb) end
  if needs_row[verb] or row ~= nil then row_of(verb, row) end
  local good, message, code = call(self.client.number, { verb = "resolve", table = self.table, operation = self.operation,
    version = self.version, resolution = verb, row = row, action = action })
  if good then self.handled = true end
  return good, message, code
end

function Problem:cancel_and_update(row) return resolve(self, "cancel_and_update", row) end
function Problem:cancel_and_discard() return resolve(self, "cancel_and_discard") end
function Problem:update_operation(row) return resolve(self, "update_operation", row) end
function Problem:cancel() return resolve(self, "cancel") end
function Problem:change_action(kind, row)
  check.one_of("change_action", kind, { "insert", "update", "delete" })
  return resolve(self, "change_action", row, kind)
end

-- -- looking --

function Client:pending(name)
  local number = number_of(self, "pending")
  if name ~= nil then native.check_table(number, check.value("pending", name, "string")) end
  return native.pending(number, name)
end
function Client:queue() return native.queue(number_of(self, "queue")) end
function Client:traffic() return native.traffic(number_of(self, "traffic")) end
function Client:progress() return native.progress(number_of(self, "progress")) end
function Client:up() return native.up(number_of(self, "up")) end

-- -- the world around it --

function Client:offline() native.online(number_of(self, "offline"), false) end
function Client:online() native.online(number_of(self, "online"), true) end
function Client:login(user)
  local number = number_of(self, "login")
  if check.value("login", user, "string") == "" then misuse "login: a user has a name" end
  native.log_in(number, user)
end
function Client:logout() native.log_in(number_of(self, "logout"), "") end
function Client:metered(metered) native.metered(number_of(self, "metered"), check.value("metered", metered, "boolean")) end
local losses = native.losses()
local function check_power(self, number, what, power)
  check.one_of(what, power, losses)
  if not client.options[number].power_loss then
    misuse("%s: make the client with power_loss = true, so that its disk remembers what was not synced", what)
  end
end

function Client:crash(options)
  local number = number_of(self, "crash")
  local power = options and check.options("crash", options, { power = "string!" }).power
  if power then
    check_power(self, number, "crash.power", power)
    if native.up(number) then native.lose_power(number, power) end
  else
    native.crash(number)
  end
end
function Client:stop() native.stop(number_of(self, "stop")) end
function Client:suspend(options)
  local number = number_of(self, "suspend")
  options = options and check.options("suspend", options, { grace = "span", clock_stands = "boolean" }) or {}
  native.suspend(number, options.grace or 10000000000, options.clock_stands or false)
end
function Client:resume() native.resume(number_of(self, "resume")) end

function Client:start()
  local number = number_of(self, "start")
  local slot = task.slot()
  local good, message, code = native.start(number, slot)
  if not good then
    task.drop(slot)
    return nil, message, code
  end
  return task.wait()
end

function Client:restart(options)
  local number = number_of(self, "restart")
  options = options and check.options("restart", options, { tables = "table!" })
  local tables = options and std.tables.read("restart.tables", options.tables)
  native.crash(number)
  if tables then
    local own = client.options[number]
    own.view = native.view(tables)
    native.set_tables(own, number)
  end
  return self:start()
end

-- What a store held; of a device or of the server.
local Backup = check.class "backup"
Backup.__tostring = function(self) return "backup of " .. self.of end
function client.new_backup(of, number) return setmetatable({ of = of, number = number }, Backup) end
function client.backup_number(what, backup)
  if getmetatable(backup) ~= false or type(backup) ~= "table" or not rawget(backup, "of") then
    misuse("%s: takes a backup, not a %s", what, type(backup))
  end
  return backup.number
end

function Client:backup()
  local number, message, code = native.back_up(number_of(self, "backup"))
  if number then return client.new_backup(self.name, number) end
  return nil, message, code
end

local function replace_store(self, number, backup)
  native.crash(number)
  local good, message, code = native.restore_store(number, backup)
  if good then return self:start() end
  return nil, message, code
end
function Client:restore(backup)
  return replace_store(self, number_of(self, "restore"), client.backup_number("restore", backup))
end
function Client:reinstall() return replace_store(self, number_of(self, "reinstall"), nil) end

-- Where something strikes: exactly one of `places`, its number counted from 1.
local function place_of(verb, options, places)
  local found
  for _, place in ipairs(places) do
    if options[place] then
      if found then misuse("%s: takes %s or %s, not both", verb, found, place) end
      found = place
    end
  end
  if not found then misuse("%s: takes one of: %s", verb, table.concat(places, ", ")) end
  if options[found] < 1 then misuse("%s.%s: counts from 1", verb, found) end
  return found, options[found]
end

function Client:crash_at(options)
  local number = number_of(self, "crash_at")
  options = check.options("crash_at", options, { write = "count", change = "count", power = "string" })
  local place, at = place_of("crash_at", options, { "write", "change" })
  if options.power then
    check_power(self, number, "crash_at.power", options.power)
    if place == "write" then misuse "crash_at.power: goes with a change" end
  end
  if place == "write" then native.store_fault(number, "crash", at) else native.disk_fault(number, "dies", at, options.power) end
end

local change_faults = { "failed", "full", "short" }
function Client:fail_at(options)
  local number = number_of(self, "fail_at")
  options = check.options("fail_at", options, { write = "count", change = "count", lock = "count", read = "count", fault = "string" })
  local place, at = place_of("fail_at", options, { "write", "change", "lock", "read" })
  if options.fault then
    check.one_of("fail_at.fault", options.fault, change_faults)
    if place ~= "change" then misuse "fail_at.fault: goes with a change" end
  end
  if place == "write" then
    native.store_fault(number, "fail", at)
  else
    native.disk_fault(number, place == "lock" and "locked" or place == "read" and "unread" or options.fault or "failed", at)
  end
end

function Client:disk(options)
  local number = number_of(self, "disk")
  options = check.options("disk", options, { read = "span", write = "span", commit = "span" })
  native.disk_costs(number, options.read, options.write, options.commit)
end

-- A clock that stands or runs backwards is no clock; one that is steps is.
local function check_drift(what, drift)
  if drift and (drift <= -1000000 or drift > 1000000) then
    misuse("%s.drift_ppm: is more than -1000000 and at most 1000000", what)
  end
end

local changes = { "set", "step", "drift_ppm", "slew_ppm", "zone" }
client.change_keys = { set = "string", step = "duration", drift_ppm = "integer", slew_ppm = "number of", zone = "duration" }
local day_ns = 86400000000000

-- What `clock` of a client or the server takes; `apply(change, value)` for each, in the order above.
function client.change_clock(what, options, keys, apply)
  options = check.options(what, options, keys)
  check_drift(what, options.drift_ppm)
  if options.slew_ppm and options.slew_ppm > 1000000 then misuse("%s.slew_ppm: is at most 1000000", what) end
  if options.zone and math.abs(options.zone) >= day_ns then misuse("%s.zone: is less than a day", what) end
  if options.set then options.set = native.read_time(options.set) end
  for _, name in ipairs(changes) do
    if options[name] then apply(name:gsub("_ppm", ""), options[name], options) end
  end
end

function Client:clock(options)
  local number = number_of(self, "clock")
  client.change_clock("clock", options, client.change_keys, function(change, value) native.clock(number, change, value) end)
end

-- -- making one --

client.check_drift = check_drift
client.keys = {
  name = "string!", dialect = "string", store = "string|table", policy = "string|function|table", handler = "function",
  on_error = "function", on_push_complete = "function", auto_sync = "boolean|string", parallel = "number of", pull_on_notice = "boolean", tables = "table", online = "boolean",
  metered = "boolean", group = "string", started = "boolean", latency = "span", latency_spread = "span", timeout = "period",
  weather = "table|string", clock = "table", backup = "any", stamp = { "wall", "local", "hlc", "lamport" }, journal_mode = "string", synchronous = "string", power_loss = "boolean",
}
local store_keys = { define = "function!", begin = "function!", commit = "function!", rollback = "function!", read = "function!",
  rows = "function!", write = "function!", remove = "function!" }

local function read_store(options)
  local store = options.store
  if type(store) == "table" then
    for key in pairs(store_keys) do
      if type(store[key]) ~= "function" then
        misuse("client.store: a store written in Lua needs a function '%s'", key)
      end
    end
  elseif store ~= nil then
    check.one_of("client.store", store, { "memory", "sqlite" })
  end
  for _, key in ipairs { "journal_mode", "synchronous", "power_loss" } do
    if options[key] and store ~= "sqlite" then misuse("client.%s: is of a SQLite store", key) end
  end
end

local function read_policies(options)
  local policy, out = options.policy, {}
  if policy == nil then return {}, nil end
  if options.handler then misuse "client: give a policy or a handler, not both: a handler decides itself" end
  if type(policy) == "function" then return {}, policy end
  if std.policy.is_one(policy) then return {}, std.policy.read("client.policy", policy) end
  for name, one in pairs(policy) do
    local what = "client.policy." .. tostring(name)
    if type(one) ~= "function" and not std.policy.is_one(one) then
      misuse("%s: takes the name of a policy, { name, ... } or a function, not a %s", what, type(one))
    end
    out[name] = type(one) == "function" and one or std.policy.read(what, one)
  end
  return out, nil
end

function client.new(world, options)
  options = check.options("client", options, client.keys)
  if options.name == "" or options.name:find "[%c/]" then misuse "client.name: is not empty and has no slash and no control character" end
  for _, other in ipairs(client.list) do
    if other.name == options.name then misuse("client.name: there is a client '%s' already", options.name) end
  end
  if options.auto_sync ~= nil and type(options.auto_sync) == "string" then
    check.one_of("client.auto_sync", options.auto_sync, { "unmetered" })
  end
  options.latency = options.latency or 20000000
  if options.clock then
    options.clock = check.options("client.clock", options.clock, { offset = "duration", drift_ppm = "integer", resolution = "period", zone = "duration" })
    check_drift("client.clock", options.clock.drift_ppm)
  end
  if options.backup then options.backup_number = client.backup_number("client.backup", options.backup) end
  if options.tables then options.view = native.view(std.tables.read("client.tables", options.tables)) end
  read_store(options)
  options.policies, options.policy_all = read_policies(options)
  std.server.ensure(options.dialect)
  local number = native.device(options)
  local self = setmetatable({ name = options.name, number = number }, Client)
  client.list[number], client.options[number] = self, options
  std.handler.register(self, options)
  if options.started ~= false then
    local good, message = self:start()
    if not good then misuse("client %s did not start: %s", options.name, message) end
  end
  return self
end

check.keys(query_keys, remote_keys, pull_keys, purge_keys, client.keys)

return client
