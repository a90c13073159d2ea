local story = require "lib.story"
return story(function(world)
  local phone = world:client { name = "phone", store = "sqlite" }
  local todo = phone:table "todoitem"
  todo:insert { id = "a", text = "kept" }
  phone:crash()
  print(phone:up(), select(3, todo:lookup "a")) -- expect: false	crashed
  print(phone:start(), todo:lookup("a").text, phone:pending()) -- expect: true	kept	1
  print(phone:restart(), select(3, phone:start())) -- expect: true	state
  phone:crash_at { write = 1 }
  print(select(3, todo:insert { id = "b" }), phone:up()) -- expect: crashed	false
  phone:start()
  phone:fail_at { write = 1 }
  print(select(3, todo:insert { id = "c" }), todo:count()) -- expect: store	1
  print(world:counts().crashes) -- expect: 3
end)
