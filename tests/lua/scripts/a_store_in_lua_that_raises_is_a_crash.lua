local story = require "lib.story"
local store = require "lib.store"
return story(function(world)
  local phone = world:client { name = "phone", store = store(function() error "boom" end) } -- error: the store of client phone raised in write:
  phone:table("todoitem"):insert { id = "a" }
end)
-- end: crashed
