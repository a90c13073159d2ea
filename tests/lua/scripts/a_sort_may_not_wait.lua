local story = require "lib.story"
return story(function(world)
  table.sort({ 1, 2 }, function() world:sleep "1 s" end) -- error: this waits, which is not possible inside a sort
end)
