local story = require "lib.story"
return story(function(world)
  local phone = world:client { name = "phone" }
  world:invariant { name = "quick", at = "pull", check = function() return phone:table("todoitem"):count() == 0 end } -- error: this waits, and only drivers can
  phone:pull "todoitem"
  world:sleep "1 s"
end)
-- end: parse
