local sim = require "syncsim"
local story = require "lib.story"
return story(function(world)
  local function try(fn, ...) print((select(2, pcall(fn, ...)):gsub("^[^:]*:%d+: ", ""))) end
  local function client(options) options.name = "a" return world:client(options) end
  try(function() client { latency = "-1 s" } end) -- expect: client.latency: is not negative
  try(function() client { latency_spread = "-1 ns" } end) -- expect: client.latency_spread: is not negative
  try(function() client { timeout = "0 s" } end) -- expect: client.timeout: is more than nothing
  try(function() client { clock = { resolution = "0 s" } } end) -- expect: client.clock.resolution: is more than nothing
  try(function() client { clock = { drift_ppm = -1000000 } } end) -- expect: client.clock.drift_ppm: is more than -1000000 and at most 1000000
  try(function() client { journal_mode = "WAL" } end) -- expect: client.journal_mode: is of a SQLite store
  local phone = world:client { name = "phone" }
  try(function() phone:clock { drift_ppm = 1000001 } end) -- expect: clock.drift_ppm: is more than -1000000 and at most 1000000
  try(function() phone.policy = "client_wins" end) -- expect: client.policy: what a client is like is said to world:client
  try(function() world.server.workers = 2 end) -- expect: server.workers: what the server is like is said by the scenario
  try(function() world:link(phone):latency("1 s", "-1 s") end) -- expect: latency: is not negative
  try(function() world:eventually(function() return true end, "-1 s") end) -- expect: eventually: is not negative
  try(function() world:sleep "99999 d" end) -- expect: sleep: "99999 d" is too long, at most 100 years in nine digits
  try(function() phone:pull(nil) end) -- expect: pull: takes a table of options, not nothing
  local function define(options)
    options.name, options.run, options.tables = "x", print, options.tables or { a = { text = "string" } }
    return sim.story(options)
  end
  try(function() define { server = { page_size = 0 } } end) -- expect: server.page_size: takes a whole number, 1 or more, not 0
  try(function() define { server = { service = "-5 s" } } end) -- expect: server.service: is not negative
  try(function() define { tables = { ["a b"] = { text = "string" } } } end) -- expect: story.tables: "a b" is no name: a letter or _ first, then letters, digits or _, at most 128
  try(function() define { tables = { __errors = { text = "string" } } } end) -- expect: story.tables: '__errors': names that begin with __ are the engine's
  try(function() define { tables = { todo = { text = "string" }, ToDo = { text = "string" } } } end) -- expect: story.tables: 'ToDo' and 'todo' differ in their case only
  try(function() define { tables = { a = { Id = "string" } } } end) -- expect: story.tables.a: 'Id' is a system column, it is there by itself
  phone:push()
  phone:restart()
  phone:crash()
  print((select(2, phone:push()))) -- expect: client phone is down
  phone:restart()
end)
