-- instructions: 3000000
local story = require "lib.story"
return story(function(world)
  local function forever() while true do end end -- error: instruction limit of 3000000 reached
  world:spawn(function()
    while true do
      pcall(forever)
      xpcall(forever, function() forever() end)
      coroutine.wrap(function() pcall(forever) end)()
      local guard <close> = setmetatable({}, { __close = forever })
      print "never reached"
    end
  end)
end)
-- end: limit
