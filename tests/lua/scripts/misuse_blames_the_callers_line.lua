local story = require "lib.story"
local function helper(world)
  world:client { name = "a", nme = "b" } -- error: client: unknown key 'nme': did you mean 'name'?
end
return story(function(world)
  helper(world)
end)
