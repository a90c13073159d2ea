local story = require "lib.story"
local store = require "lib.store"
return story(function(world)
  local phone = world:client { name = "phone", store = store(function() world:sleep "1 s" end) } -- error: a store may not wait
  phone:table("todoitem"):insert { id = "a" }
end)
-- end: crashed
