local story = require "lib.story"
return story(function(world)
  local phone = world:client { name = "phone" }
  local todo = phone:table "todoitem"
  phone:suspend()
  world:sleep "9 s"
  print(todo:insert { id = "a" }.id) -- expect: a
  local late = world:spawn(function()
    world:sleep "2 s"
    todo:insert { id = "b" }
    return world:now_ns() // 1000000000
  end)
  world:at("60 s", function() phone:resume() end)
  print(late:join(), todo:count()) -- expect: 60	2
  phone:suspend { grace = "0 s" }
  phone:crash()
  print(phone:start(), phone:pending()) -- expect: true	2
  phone:stop()
  print(phone:up(), phone:start(), world:counts().crashes) -- expect: false	true	1
  phone:resume()
  print(phone:up()) -- expect: true
end)
