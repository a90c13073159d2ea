local story = require "lib.story"
return story(function(world)
  local count = 0
  world:always(function() return count < 2 end) -- error: always: what must hold did not hold
  for _ = 1, 3 do
    count = count + 1
    world:sleep "1 s"
  end
  print "never reached"
end)
-- end: state
