-- Drawn users of a world. What they mean to do, and when they have no connection, is drawn before anything runs, in streams
-- of their own that look at nothing else: two runs that differ in policy have the same users.
local native, std = ...
local check, task = std.check, std.task
local misuse = check.misuse
local users = {}

local keys = { clients = "integer|table!", per_user = "count", within = "span", rows = "count", mix = "table", client = "table",
  outages = "table", crashes = "count" }
local mix_keys = { insert = "count", update = "count", delete = "count", sync = "count" }
local MS = 1000000

-- What goes wrong is weather: 0 is an outage that does not happen, a crash that does not come. In `intends` 0 is an intention that
-- nobody has.
local weather = { ["outage-length"] = true, ["crash-write"] = true }
local labels = {}
local function label(name)
  labels[name] = labels[name] or native.label("user-" .. name, weather[name] and "weather" or "workload", "intention", "part")
  return labels[name]
end

local function draw(stream, name, number, n, part) return native.choose(stream, label(name), n, number, part or 0) end

-- -- intentions --

local makers = {
  string = function(stream, number, part, who) return string.format("%s %d.%d", who, number, draw(stream, "text", number, 1000, part)) end,
  integer = function(stream, number, part) return draw(stream, "integer", number, 1000, part) end,
  number = function(stream, number, part) return draw(stream, "number", number, 4000, part) / 4 end,
  boolean = function(stream, number, part) return draw(stream, "boolean", number, 2, part) == 1 end,
  datetime = function(stream, number, part) return native.time(draw(stream, "datetime", number, 1000000, part) * 1000 * MS) end,
  bytes = function(stream, number, part) return string.char(draw(stream, "bytes", number, 256, part)) end,
}

local function draw_verb(stream, number, mix, total)
  local at = draw(stream, "verb", number, total)
  for _, verb in ipairs { "insert", "update", "delete", "sync" } do
    local weight = mix[verb] or 0
    if at < weight then return verb end
    at = at - weight
  end
end

-- Every second row is there from the start. The others are made by one user each, once: the ids of a real app's inserts are
-- new. `at` is drawn out of all rows.
local blanks = { string = "", integer = 0, number = 0.0, boolean = false, bytes = "" }

local function make_first_rows(world, plan)
  local made = {}
  for _, kind in ipairs(plan.tables) do
    for number = 2, plan.rows, 2 do
      local row = { id = string.format("%s-%d", kind.name, number) }
      for _, column in ipairs(kind.columns) do row[column.name] = blanks[column.type] end
      if world.server:table(kind.name):insert(row) then made[row.id] = true end
    end
  end
  return made
end

local function own_row(plan, at, index)
  local count = #plan.clients_made
  local own = at // 2 // count * count + index -- the how-manieth of the odd ones
  if own * 2 - 1 > plan.rows then own = own - count end
  return own * 2 - 1
end

local function draw_intention(plan, stream, number, who, index)
  if draw(stream, "intends", number, 1 << 20) == 0 then return nil end -- hardly ever, unless a reproduction does without it
  local one = { number = number, time = draw(stream, "time", number, plan.within // MS + 1) * MS }
  one.verb = draw_verb(stream, number, plan.mix, plan.total)
  if one.verb == "sync" then return one end
  local kind = plan.tables[draw(stream, "table", number, #plan.tables) + 1]
  one.table = kind.name
  local row = draw(stream, "row", number, plan.rows)
  one.id = string.format("%s-%d", kind.name, one.verb == "insert" and own_row(plan, row, index) or row + 1)
  if one.verb == "insert" then
    one.row = { id = one.id }
    for i, column in ipairs(kind.columns) do one.row[column.name] = makers[column.type](stream, number, i, who) end
  elseif one.verb == "update" and #kind.columns > 0 then
    local column = kind.columns[draw(stream, "field", number, #kind.columns) + 1]
    one.row = { id = one.id, [column.name] = makers[column.type](stream, number, 1, who) }
  end
  return one
end

local function draw_intentions(plan, who, index)
  local stream, list = native.stream(who, "intentions"), {}
  for number = 1, plan.per_user do list[#list + 1] = draw_intention(plan, stream, number, who, index) end
  table.sort(list, function(a, b) return a.time < b.time end)
  return list
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

local function act(client, one, made)
  if one.verb == "sync" then return client:sync() end
  local rows = client:table(one.table)
  local there, _, code = rows:lookup(one.id)
  if code then return nil end
  if one.verb == "insert" then
    if there or made[one.id] then return nil end
    made[one.id] = true
    return rows:insert(one.row)
  end
  if not there then return nil end
  if one.verb == "delete" then return rows:delete(one.id) end
  return one.row and rows:update(one.row)
end

local function live(client, start, intentions, first)
  local syncs, made = {}, {}
  for id in pairs(first) do made[id] = true end
  client:sync()
  for _, one in ipairs(intentions) do
    sleep_until(start + one.time)
    local function apply()
      local applied = act(client, one, made) and true or false
      native.intention(client.name, one.number, one.verb, one.table or "", one.id or "", applied)
    end
    if one.verb == "sync" then -- nobody waits for it with the next edit
      syncs[#syncs + 1] = task.spawn(apply)
    else
      apply()
    end
  end
  for _, one in ipairs(syncs) do one:join() end
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

local function read_plan(options)
  local plan = check.options("users", options, keys)
  plan.per_user = plan.per_user or 20
  plan.within = plan.within or 600000 * MS
  plan.rows = plan.rows or 8
  plan.mix = check.options("users.mix", plan.mix or { insert = 20, update = 60, delete = 10, sync = 10 }, mix_keys)
  plan.total = (plan.mix.insert or 0) + (plan.mix.update or 0) + (plan.mix.delete or 0) + (plan.mix.sync or 0)
  plan.tables = std.definition.table_list
  if plan.outages then
    plan.outages = check.options("users.outages", plan.outages, { every = "period!", lasting = "span!" })
  end
  if plan.total == 0 then misuse "users.mix: somebody must want something" end
  if plan.rows == 0 then misuse "users.rows: there must be one" end
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
  plan.clients_made = clients
  plan.rows = math.max(plan.rows, 2 * #clients)
  local start, tasks = native.now(), {}
  local plans = {}
  for i, client in ipairs(clients) do
    plans[i] = { draw_intentions(plan, client.name, i), draw_outages(plan, client.name), draw_crashes(plan, client.name) }
  end
  local first = make_first_rows(world, plan)
  for i, client in ipairs(clients) do
    tasks[#tasks + 1] = task.spawn(live, client, start, plans[i][1], first)
    tasks[#tasks + 1] = task.spawn(lose_connection, client, start, plans[i][2])
    tasks[#tasks + 1] = task.spawn(crash, client, start, plans[i][3])
  end
  for _, one in ipairs(tasks) do one:join() end
end

check.keys(keys, mix_keys)

return users
