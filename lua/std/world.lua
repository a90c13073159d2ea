-- The world as a driver sees it.
local native, std = ...
local check, task = std.check, std.task
local misuse = check.misuse
local world = {}

local World, Link = check.class "world", check.class "link"
world.class, world.link_class = World, Link
World.__tostring = function() return "world" end
Link.__tostring = function(self) return "link " .. self.client.name end
World.__index = function(_, key)
  if key == "server" then return std.server.handle() end
  return World[key]
end

local handle = setmetatable({}, World)
world.handle = handle
World.__newindex = function(_, key) misuse("world.%s: the world has no keys of the scenario's own", tostring(key)) end

local function check_self(self, verb)
  if self ~= handle then misuse("%s: call it with a colon, as world:%s(...)", verb, verb) end
end

function World:client(options)
  check_self(self, "client")
  return std.client.new(self, options)
end

function World:sleep(text)
  check_self(self, "sleep")
  local ns = check.duration("sleep", text)
  if ns < 0 then misuse "sleep: time goes on, never back" end
  native.after(ns, task.slot())
  task.wait()
end

function World:now_ns() return native.now() end
function World:dialect() return native.default_dialect() end

function World:at(text, fn)
  check_self(self, "at")
  local ns = check.duration("at", text)
  check.value("at", fn, "function")
  if ns < native.now() then misuse("at: %s is over", text) end
  return task.spawn(function()
    native.after(ns - native.now(), task.slot())
    task.wait()
    return fn()
  end)
end

function World:spawn(fn, ...)
  check_self(self, "spawn")
  return task.spawn(check.value("spawn", fn, "function"), ...)
end

function World:together(list)
  check_self(self, "together")
  check.value("together", list, "table")
  local tasks = {}
  for i, fn in ipairs(list) do tasks[i] = task.spawn(check.value("together", fn, "function")) end
  for _, one in ipairs(tasks) do one:join() end
end

function World:settle()
  check_self(self, "settle")
  std.server.ensure()
  local slot = task.slot()
  local good, message, code = native.settle(slot)
  if not good then
    task.drop(slot)
    return nil, message, code
  end
  good, message, code = task.wait()
  if not good then return nil, message, code end
  std.invariant.at_rest()
  return true
end

function World:eventually(fn, within)
  check_self(self, "eventually")
  check.value("eventually", fn, "function")
  local ns = check.value("eventually", within, "span")
  local until_ns = native.now() + ns
  local pause = math.max(1000000, math.min(ns // 100, 1000000000))
  while not fn() do
    local left = until_ns - native.now()
    if left <= 0 then std.expect.fail(string.format("eventually: it was not so within %s", within)) end
    native.after(math.min(pause, left), task.slot())
    task.wait()
  end
  return true
end

function World:always(fn)
  check_self(self, "always")
  check.value("always", fn, "function")
  task.always[#task.always + 1] = { check = fn, where = native.where() }
end

function World:invariant(options)
  check_self(self, "invariant")
  std.invariant.add(options)
end

function World:note(text)
  check_self(self, "note")
  native.note(check.value("note", text, "string"))
end

function World:choose(name, n, ...)
  check_self(self, "choose")
  check.value("choose", name, "string")
  check.value("choose", n, "integer")
  if n < 1 then misuse "choose: n is at least 1" end
  if select("#", ...) > 4 then misuse "choose: a key has at most four parts" end
  return native.choose(native.stream("world", "script"), native.label(name, "workload", "key", "key 2", "key 3", "key 4"), n, ...)
end

function World:users(options)
  check_self(self, "users")
  return std.users.run(self, options)
end

function World:counts() return native.counts() end

-- Devices on the other side of a partition: nothing passes between them and the server, either way, and nobody is told.
function World:partition(clients)
  check_self(self, "partition")
  if type(clients) ~= "table" then misuse("partition: takes a list of clients, not a %s", type(clients)) end
  for _, client in ipairs(clients) do self:link(client):block() end
end

-- Swizzling: these lose the server one after another, in a drawn order, and have it back in another.
local swizzles = 0
local function drawn_order(clients, number, part)
  local stream, label = native.stream("world", "swizzle"), native.label("swizzle-next", "weather", "swizzle", "part", "place")
  local left, order = { table.unpack(clients) }, {}
  for place = 1, #clients do
    order[place] = table.remove(left, 1 + native.choose(stream, label, #left, number, part, place))
  end
  return order
end

function World:swizzle(options)
  check_self(self, "swizzle")
  options = check.options("swizzle", options, { clients = "table!", pause = "span" })
  if #options.clients == 0 then misuse "swizzle.clients: names none" end
  swizzles = swizzles + 1
  for part, verb in ipairs { "block", "unblock" } do
    for _, client in ipairs(drawn_order(options.clients, swizzles, part)) do
      local link = self:link(client)
      link[verb](link)
      native.after(options.pause or 1000000000, task.slot())
      task.wait()
    end
  end
end

function World:link(client)
  check_self(self, "link")
  if not std.client.is(client) then misuse("link: takes a client, not a %s", type(client)) end
  return setmetatable({ client = client }, Link)
end

local function number_of(self, verb)
  if type(self) ~= "table" or not rawget(self, "client") then misuse("%s: call it as world:link(client):%s(...)", verb, verb) end
  return self.client.number
end

function Link:drop_next(options)
  local number = number_of(self, "drop_next")
  options = check.options("drop_next", options, { what = { "request", "response", "notice", "body" }, count = "count" })
  if not options.what then misuse "drop_next: the key 'what' is required" end
  local fault = options.what == "body" and "emptied" or options.what .. "-lost"
  native.fail_next(number, fault, options.count or 1)
  return self
end

function Link:fail_next(options)
  local number = number_of(self, "fail_next")
  options = check.options("fail_next", options, { fault = native.link_faults(), count = "count" })
  if not options.fault then misuse "fail_next: the key 'fault' is required" end
  native.fail_next(number, options.fault, options.count or 1)
  return self
end

function Link:block(options)
  local number = number_of(self, "block")
  options = check.options("block", options or {}, { up = "boolean", down = "boolean" })
  local both = options.up == nil and options.down == nil
  native.block(number, both or options.up or false, both or options.down or false)
  return self
end

function Link:unblock()
  native.block(number_of(self, "unblock"), false, false)
  return self
end

function Link:clog(span)
  local number = number_of(self, "clog")
  native.clog(number, check.value("clog", span, "span"))
  return self
end

local distribution_keys = { constant = "span", uniform = "table", exponential = "period", lognormal = "period", sigma = "count",
  pareto = "period", exponent = "count", recorded = "table", mixture = "table", weight = "count", limit = "period" }
local distribution_kinds = { "constant", "uniform", "exponential", "lognormal", "pareto", "recorded", "mixture" }

-- A distribution as the simulator takes it, of one as people write it.
local function read_distribution(options, depth)
  options = check.options("latency", options, distribution_keys)
  local out
  for _, kind in ipairs(distribution_kinds) do
    if options[kind] ~= nil then
      if out then misuse("latency: give %s or %s, not both", out.kind, kind) end
      out = { kind = kind, scale = options[kind], limit = options.limit, weight = options.weight or 1 }
    end
  end
  if not out then misuse("latency: give one of %s", table.concat(distribution_kinds, ", ")) end
  local given = out.scale
  if out.kind == "uniform" then
    if #given ~= 2 then misuse "latency.uniform: takes the least and the most" end
    out.scale, out.shape = check.value("latency.uniform", given[1], "span"), check.value("latency.uniform", given[2], "span")
    if out.shape < out.scale then misuse "latency.uniform: the least is not above the most" end
    out.shape = out.shape - out.scale
  elseif out.kind == "lognormal" then
    out.shape = options.sigma or misuse "latency.lognormal: the key 'sigma' is required, in thousandths"
  elseif out.kind == "pareto" then
    out.shape = options.exponent or misuse "latency.pareto: the key 'exponent' is required, in thousandths"
  elseif out.kind == "recorded" then
    out.scale, out.values = nil, {}
    for i, value in ipairs(given) do out.values[i] = check.value("latency.recorded", value, "span") end
    table.sort(out.values)
  elseif out.kind == "mixture" then
    if depth == 4 then misuse "latency.mixture: nested too deep" end
    out.scale, out.parts = nil, {}
    for i, part in ipairs(given) do out.parts[i] = read_distribution(part, depth + 1) end
  end
  return out
end

function Link:latency(least, spread)
  local number = number_of(self, "latency")
  if type(least) == "table" then
    if spread ~= nil then misuse "latency: a distribution says all" end
    native.latency_drawn(number, read_distribution(least, 0))
    return self
  end
  native.latency(number, check.value("latency", least, "span"), spread and check.value("latency", spread, "span") or 0)
  return self
end

function Link:weather(rates)
  native.weather(number_of(self, "weather"), rates)
  return self
end

check.keys(distribution_keys)

return world
