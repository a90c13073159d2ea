local story = require "lib.story"
return story(function(world) -- error: client: unknown key 'nme': did you mean 'name'?
  return world:client { name = "a", nme = "b" }
end)
