-- instructions: 20000000
local story = require "lib.story"
return story(function()
  local text = ("a"):rep(40)
  local _ = pcall(string.find, text, ("a?"):rep(40) .. ("a"):rep(39) .. "b") -- error: instruction limit of 20000000 reached
  print "never reached"
end)
-- end: limit
