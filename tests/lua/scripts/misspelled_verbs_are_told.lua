local story = require "lib.story"
local sim = require "syncsim"
return story(function(world)
  local function try(fn) print((select(2, pcall(fn)):gsub("^[^:]*:%d+: ", ""))) end
  local phone = world:client { name = "phone" }
  try(function() world:cleint { name = "b" } end) -- expect: world has no 'cleint': did you mean 'client'?
  try(function() phone:table("todoitem"):updat { id = "a" } end) -- expect: table has no 'updat': did you mean 'update'?
  try(function() phone:remote("todoitem"):insrt {} end) -- expect: remote table has no 'insrt': did you mean 'insert'?
  try(function() world:link(phone):wether "calm" end) -- expect: link has no 'wether': did you mean 'weather'?
  try(function() world.server:crsh() end) -- expect: server has no 'crsh': did you mean 'crash'?
  try(function() world.server:table("todoitem"):lokup "a" end) -- expect: server table has no 'lokup': did you mean 'lookup'?
  try(function() sim.expect(1):equal(2) end) -- expect: expectation has no 'equal': did you mean 'equals'?
  try(function() sim.stroy {} end) -- expect: syncsim has no 'stroy': did you mean 'story'?
  phone:psuh() -- error: client has no 'psuh': did you mean 'push'?
end)
