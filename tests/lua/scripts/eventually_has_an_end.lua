local story = require "lib.story"
return story(function(world)
  world:eventually(function() return false end, "10 s") -- error: eventually: it was not so within 10 s
end)
-- end: state
