-- The server, as the back office sees it: at once, outside the network.
local native, std = ...
local check = std.check
local misuse = check.misuse
local server = {}

local Server, Table = check.class "server", check.class "server table"
Server.__tostring = function() return "server" end
server.class, server.table_class = Server, Table
Server.__newindex = function(_, key) misuse("server.%s: what the server is like is said by the scenario", tostring(key)) end
Table.__tostring = function(self) return "table server/" .. self.name end

local keys = {
  dialect = "string", store = { "memory", "sqlite" }, page_size = "number of", notify = "boolean", workers = "number of",
  service = "span", commit = "span", commit_spread = "span", clock = "table", weather = "table|string", instances = "table", tables = "table", mend_links = "boolean", delete_stamps = "boolean",
}

-- Checks the options; the machine itself is made when the first client is known, or the server is first used.
function server.prepare(options, tables)
  options = options and check.options("server", options, keys) or {}
  if options.clock then
    options.clock = check.options("server.clock", options.clock, { offset = "duration", drift_ppm = "integer", resolution = "period" })
    std.client.check_drift("server.clock", options.clock.drift_ppm)
  end
  if options.instances then
    if options.clock then misuse "server: give clock or instances, not both" end
    if #options.instances < 1 or #options.instances > 8 then misuse "server.instances: 1 to 8 clocks" end
    for i, clock in ipairs(options.instances) do
      local what = string.format("server.instances[%d]", i)
      options.instances[i] = check.options(what, clock, { offset = "duration", drift_ppm = "integer", resolution = "period" })
      std.client.check_drift(what, options.instances[i].drift_ppm)
    end
  end
  if options.dialect then native.check_server_dialect(options.dialect) end
  options.view_tables = options.tables and std.tables.read("server.tables", options.tables) or tables
  server.options = options
end

function server.ensure(client_dialect)
  if server.made then return end
  server.made = true
  local options = server.options
  options.client_dialect = client_dialect
  options.view = native.view(options.view_tables)
  native.server(options)
end

-- For whoever serves the tables without the scenario: their view and what the options say.
function server.describe()
  local options = server.options
  return native.view(options.view_tables), options.dialect, options.page_size
end

local handle = setmetatable({}, Server)
function server.handle()
  server.ensure()
  return handle
end

local function check_handle(self, verb)
  if self ~= handle then misuse("%s: call it with a colon, as world.server:%s(...)", verb, verb) end
end

function Server:table(name)
  check_handle(self, "table")
  native.check_server_table(check.value("table", name, "string"))
  return setmetatable({ name = name }, Table)
end
function Server:crash() check_handle(self, "crash") native.server_crash() end
function Server:restart()
  check_handle(self, "restart")
  return native.server_restart()
end
function Server:requests()
  check_handle(self, "requests")
  return native.requests()
end
local function change_keys()
  local keys = { instance = "number of" }
  for key, kind in pairs(std.client.change_keys) do keys[key] = kind end
  return keys
end

function Server:clock(options)
  check_handle(self, "clock")
  std.client.change_clock("clock", options, change_keys(), function(change, value, all)
    native.server_clock(all.instance or 1, change, value)
  end)
end
function Server:backup()
  check_handle(self, "backup")
  local number, message, code = native.server_back_up()
  if number then return std.client.new_backup("server", number) end
  return nil, message, code
end
function Server:restore(backup)
  check_handle(self, "restore")
  return native.server_restore(std.client.backup_number("restore", backup), false)
end
function Server:fail_over(backup)
  check_handle(self, "fail_over")
  return native.server_restore(std.client.backup_number("fail_over", backup), true)
end
function Server:migrate(options)
  check_handle(self, "migrate")
  options = check.options("migrate", options, { tables = "table!" })
  return native.server_migrate(native.view(std.tables.read("migrate.tables", options.tables)))
end
function Server:clean_tombstones(options)
  check_handle(self, "clean_tombstones")
  options = options and check.options("clean_tombstones", options, { older = "span" }) or {}
  return native.server_clean(options.older or 0)
end
function Server:maintenance(duration)
  check_handle(self, "maintenance")
  native.server_close_for(check.value("maintenance", duration, "span"))
end
function Server:throttle(options)
  check_handle(self, "throttle")
  if options == false then return native.server_throttle(0, 0) end
  options = check.options("throttle", options, { requests = "count!", per = "period" })
  native.server_throttle(options.requests, options.per or 1000000000)
end
function Server:notify(on)
  check_handle(self, "notify")
  if type(on) == "table" then
    local options = check.options("notify", on, { coalesce = "period", burst = "period" })
    if options.coalesce and options.burst then misuse "notify: give coalesce or burst, not both" end
    native.server_gather(options.coalesce or options.burst or 0, options.coalesce ~= nil)
    on = true
  end
  native.server_notify(check.value("notify", on, "boolean"))
end

local http_keys = { method = "string!", path = "string!", headers = "table", body = "string" }
function Server:http(request)
  check_handle(self, "http")
  request = check.options("http", request, http_keys)
  for name, value in pairs(request.headers or {}) do
    if type(name) ~= "string" or type(value) ~= "string" then misuse("http.headers: a header is name = text") end
  end
  return native.http(request.method, request.path, request.headers or {}, request.body)
end

local function serve(self, verb, method, id, row)
  if type(self) ~= "table" or getmetatable(self) ~= false or not self.name then
    misuse("%s: call it with a colon, as table:%s(...)", verb, verb)
  end
  return native.serve(self.name, method, id, row)
end

local function id_of(what, value)
  if type(value) == "table" then value = value.id end
  if type(value) ~= "string" then misuse("%s: takes an id or a row with one", what) end
  return value
end

local function row_of(what, row)
  if type(row) ~= "table" then misuse("%s: takes a row, a table, not a %s", what, type(row)) end
  return row
end

function Table:insert(row) return serve(self, "insert", "insert", row_of("insert", row).id or "", row) end
function Table:update(row) return serve(self, "update", "update", id_of("update", row), row_of("update", row)) end
function Table:delete(what)
  return serve(self, "delete", "delete", id_of("delete", what), type(what) == "table" and { id = what.id, version = what.version } or nil)
end
function Table:hard_delete(what)
  if type(self) ~= "table" or not rawget(self, "name") then misuse "hard_delete: call it with a colon, as table:hard_delete(...)" end
  return native.hard_delete(self.name, id_of("hard_delete", what))
end
function Table:undelete(id) return serve(self, "undelete", "undelete", id_of("undelete", id)) end

local read_keys = { where = "table", order = "string|table", skip = "count", top = "count", select = "string|table",
  include_deleted = "boolean" }

function Table:lookup(id, options)
  options = options and check.options("lookup", options, { include_deleted = "boolean" }) or {}
  return native.server_lookup(self.name, id_of("lookup", id), options.include_deleted or false)
end
function Table:read(query)
  query = std.client.read_query("read", query, read_keys)
  return native.server_read(self.name, query, query.include_deleted or false)
end
function Table:count(query)
  local rows, message, code = self:read(query)
  if not rows then return nil, message, code end
  return #rows
end

check.keys(keys, http_keys, read_keys)

return server
