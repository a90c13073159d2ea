-- instructions: 5000000
local story = require "lib.story"
return story(function()
  while true do coroutine.wrap(function() return 1 end)() end -- error: instruction limit of 5000000 reached
end)
-- end: limit
