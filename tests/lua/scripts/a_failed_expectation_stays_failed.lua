local sim = require "syncsim"
local story = require "lib.story"
return story(function(world)
  pcall(function() sim.expect(1):equals(2) end) -- error: expectation failed: expected 2, got 1
  world:sleep "1 s"
  print "never reached"
end)
-- end: state
