-- memory: 40
local story = require "lib.story"
return story(function()
  print(pcall(string.rep, "x", 1 << 40)) -- expect: false	limits_stop_memory.lua:4: string.rep: the result would be larger than the memory limit
  local keep = {}
  pcall(function() while true do keep[#keep + 1] = ("x"):rep(1000000) end end)
  print "never reached"
end)
-- end: limit
