local sim = require "syncsim"
local function try(options) print((select(2, pcall(sim.story, options)):gsub("^[^:]*:%d+: ", ""))) end
local run = function() end
local tables = { t = { a = "string" } }
try { nam = "x" } -- expect: story: unknown key 'nam': did you mean 'name'?
try { name = "x", run = run } -- expect: story: the key 'tables' is required
try { name = "x", run = run, tables = { t = { a = "strin" } } } -- expect: story.tables.t.a: unknown value 'strin': did you mean 'string'?; one of: string, integer, number, boolean, datetime, bytes
try { name = "x", run = run, tables = tables, server = { dialect = "netfix" } } -- expect: server.dialect: unknown dialect 'netfix': did you mean 'netfx'?
print((select(2, pcall(sim.story, { name = "x", run = run, tables = tables, finds = { checker = "convergance" } })):match "finds.-one of: [%w_]+")) -- expect: finds.checker: unknown value 'convergance': did you mean 'convergence'?; one of: convergence
try(5) -- expect: story: takes a table of options, not a number
print(select(2, pcall(sim.world, { name = "x", run = run, tables = tables, finds = {} })):match "finds.*") -- expect: finds': a world asserts invariants only
return sim.story { name = " ", run = run, tables = tables } -- error: story.name: is not empty
