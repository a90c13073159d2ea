-- instructions: 1000000
-- end: limit
local story = require "lib.story"
while true do end -- error: instruction limit of 1000000 reached
