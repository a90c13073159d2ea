local story = require "lib.story"
return story(function(world)
  local phone = world:client { name = "phone", policy = { todoitem = function() return "clint" end } } -- ignored: the answer of a policy: unknown value 'clint': did you mean 'client'?
  world.server:table("todoitem"):insert { id = "a", text = "x" }
  phone:pull "todoitem"
  world.server:table("todoitem"):update { id = "a", text = "y" }
  phone:table("todoitem"):update { id = "a", text = "z" }
  phone:push()
end)
-- end: crashed
