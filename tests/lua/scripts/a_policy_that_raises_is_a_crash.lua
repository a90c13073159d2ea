local story = require "lib.story"
return story(function(world)
  local phone = world:client { name = "phone", policy = function(conflict)
    return conflict.server.nothing.there -- error: the policy of client phone raised:
  end }
  world.server:table("todoitem"):insert { id = "a", text = "x" }
  phone:pull "todoitem"
  world.server:table("todoitem"):update { id = "a", text = "y" }
  phone:table("todoitem"):update { id = "a", text = "z" }
  phone:push()
  print "never reached"
end)
-- end: crashed
