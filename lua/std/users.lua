-- Drawn users of a world. What they mean to do and how they do it is the simulator's (sim/host/user.h); when they have no
-- connection, and when their processes die, is drawn here before anything runs. Both are in streams of their own that look at
-- nothing else: two runs that differ in policy have the same users.
local native, std = ...
local check, task = std.check, std.task
local misuse = check.misuse
local users = {}

local keys = { clients = "integer|table!", per_user = "count", within = "period", rows = "count", mix = "table", client = "table",
  sessions = "table", zipf = "number", own = "count", burst = "count", undo = "count", kinds = "table", fields = "table",
  outages = "table", crashes = "count" }
local mix_keys = { insert = "count", update = "count", delete = "count", sync = "count" }
local session_keys = { per_day = "number of", hour = "count", length = "period", edits = "number of", offline = "count" }
local kinds = { "independent", "check-list", "counter", "form", "notes", "parent-child" }
local MS = 1000000

-- 0 is an outage that does not happen, a crash that does not come.
local labels, faults = {}, { ["outage-length"] = "users.outages", ["crash-write"] = "users.crashes" }
local function label(name)
  labels[name] = labels[name] or native.label("user-" .. name, faults[name] or "weather", "intention", "part")
  return labels[name]
end

local function draw(stream, name, number, n) return native.choose(stream, label(name), n, number, 0) end

-- Every second row is there from the start. The others are made by one user each, once: the ids of a real app's inserts are
-- new.
local blanks = { string = "", integer = 0, number = 0.0, boolean = false, bytes = "" }

local function make_first_rows(world, plan)
  for _, kind in ipairs(plan.tables) do
    for number = 2, plan.rows, 2 do
      local row = { id = string.format("%s-%d", kind.name, number) }
      for _, column in ipairs(kind.columns) do row[column.name] = blanks[column.type] end
      world.server:table(kind.name):insert(row)
    end
  end
end

-- Gaps and lengths are drawn between nothing and twice what was asked for.
local function draw_outages(plan, who)
  local list = {}
  if not plan.outages then return list end
  local stream, at, number = native.stream(who, "outages"), 0, 0
  while true do
    number = number + 1
    at = at + draw(stream, "outage-gap", number, plan.outages.every // MS * 2 + 1) * MS + MS
    if at >= plan.within or number > 10000 then return list end
    local lasting = draw(stream, "outage-length", number, plan.outages.lasting // MS * 2 + 1) * MS
    if lasting > 0 then list[#list + 1] = { from = at, to = at + lasting } end
    at = at + lasting
  end
end

local function draw_crashes(plan, who)
  local stream, list = native.stream(who, "crashes"), {}
  for number = 1, plan.crashes or 0 do
    local write = draw(stream, "crash-write", number, 7)
    if write > 0 then
      list[#list + 1] = { time = draw(stream, "crash-time", number, plan.within // MS + 1) * MS, write = write,
        down = draw(stream, "crash-down", number, 20000) * MS }
    end
  end
  table.sort(list, function(a, b) return a.time < b.time end)
  return list
end

-- -- doing it --

local function sleep_until(time)
  if time > native.now() then
    native.after(time - native.now(), task.slot())
    task.wait()
  end
end

local function lose_connection(client, start, outages)
  for _, one in ipairs(outages) do
    sleep_until(start + one.from)
    client:offline()
    sleep_until(start + one.to)
    client:online()
  end
end

-- At the drawn write, or a while later if nothing was written.
local function crash(client, start, crashes)
  for _, one in ipairs(crashes) do
    sleep_until(start + one.time)
    if client:up() then
      client:crash_at { write = one.write }
      local limit = native.now() + 30000 * MS
      while client:up() and native.now() < limit do sleep_until(native.now() + 100 * MS) end
      native.store_fault(client.number, "none", 0)
      client:crash()
      sleep_until(native.now() + one.down)
      client:restart()
    end
  end
end

-- -- setting up --

local function per_mille(what, value)
  if value and value > 1000 then misuse("users.%s: is in thousandths, at most 1000", what) end
  return value or 0
end

local function read_sessions(sessions)
  if not sessions then return nil end
  sessions = check.options("users.sessions", sessions, session_keys)
  sessions.per_day, sessions.edits = sessions.per_day or 20, sessions.edits or 4
  sessions.hour, sessions.length = sessions.hour or 9, sessions.length or 72000 * MS
  sessions.offline = per_mille("sessions.offline", sessions.offline)
  if sessions.hour > 23 then misuse "users.sessions.hour: is one of a day, 0 to 23" end
  if sessions.per_day > 1000 then misuse "users.sessions.per_day: at most 1000" end
  return sessions
end

local function table_spec(kind)
  local spec = {}
  for _, one in ipairs(std.definition.table_list) do spec[one.name] = kind end
  return spec
end

-- The tables as the plan wants them: { name, kind, columns = { name, type, weight } }
local function read_tables(options)
  local kind_of = check.options("users.kinds", options.kinds or {}, table_spec "string")
  local fields_of = check.options("users.fields", options.fields or {}, table_spec "table")
  local out = {}
  for i, one in ipairs(std.definition.table_list) do
    local kind, weights, spec = kind_of[one.name], fields_of[one.name], {}
    if kind then check.one_of("users.kinds." .. one.name, kind, kinds) end
    for _, column in ipairs(one.columns) do spec[column.name] = "count" end
    if weights then weights = check.options("users.fields." .. one.name, weights, spec) end
    local columns = {}
    for k, column in ipairs(one.columns) do
      columns[k] = { name = column.name, type = column.type, weight = weights and (weights[column.name] or 0) or 1 }
    end
    out[i] = { name = one.name, kind = kind, columns = columns }
  end
  return out
end

local function read_plan(options)
  local plan = check.options("users", options, keys)
  plan.per_user = plan.per_user or 20
  plan.within = plan.within or 600000 * MS
  plan.rows = plan.rows or 8
  plan.mix = check.options("users.mix", plan.mix or { insert = 20, update = 60, delete = 10, sync = 10 }, mix_keys)
  plan.sessions = read_sessions(plan.sessions)
  if plan.zipf and (plan.zipf < 0 or plan.zipf > 4) then misuse "users.zipf: is an exponent from 0 to 4" end
  plan.zipf = math.tointeger((plan.zipf or 0) * 1000 // 1)
  for _, key in ipairs { "own", "burst", "undo" } do plan[key] = per_mille(key, plan[key]) end
  plan.tables = read_tables(plan)
  if plan.outages then
    plan.outages = check.options("users.outages", plan.outages, { every = "period!", lasting = "span!" })
  end
  if (plan.mix.insert or 0) + (plan.mix.update or 0) + (plan.mix.delete or 0) + (plan.mix.sync or 0) == 0 then
    misuse "users.mix: somebody must want something"
  end
  if plan.rows == 0 then misuse "users.rows: there must be one" end
  if plan.rows > 1000000 then misuse "users.rows: at most 1000000" end
  return plan
end

local function make_clients(world, plan)
  if type(plan.clients) == "table" then
    for _, one in ipairs(plan.clients) do
      if not std.client.is(one) then misuse("users.clients: takes a number or a list of clients, not a %s in it", type(one)) end
    end
    if plan.client then misuse "users.client: these clients are made already" end
    return plan.clients
  end
  local list = {}
  for i = 1, plan.clients do
    local options = { name = "user" .. i }
    for key, value in pairs(plan.client or {}) do
      if key == "name" then misuse "users.client: names are given: user1, user2..." end
      options[key] = value
    end
    list[i] = world:client(options)
  end
  return list
end

function users.run(world, options)
  local plan = read_plan(options)
  local clients = make_clients(world, plan)
  if #clients == 0 then misuse "users.clients: there must be one" end
  plan.rows = math.max(plan.rows, 2 * #clients)
  local start, tasks, numbers, troubles = native.now(), {}, {}, {}
  for i, client in ipairs(clients) do
    numbers[i] = client.number
    troubles[i] = { draw_outages(plan, client.name), draw_crashes(plan, client.name) }
  end
  make_first_rows(world, plan)
  for i, client in ipairs(clients) do
    if troubles[i][1][1] then tasks[#tasks + 1] = task.spawn(lose_connection, client, start, troubles[i][1]) end
    if troubles[i][2][1] then tasks[#tasks + 1] = task.spawn(crash, client, start, troubles[i][2]) end
  end
  native.users(plan, numbers, task.slot())
  task.wait()
  for _, one in ipairs(tasks) do one:join() end
end

check.keys(keys, mix_keys)

return users
