local story = require "lib.story"
return story(function(world)
  local phone = world:client { name = "phone", latency = "50 ms", timeout = "1 s" }
  local tablet = world:client { name = "tablet", latency = "50 ms", timeout = "1 s" }
  local task = world:spawn(function() world:swizzle { clients = { phone, tablet }, pause = "10 s" } end)
  world:sleep "15 s"
  print((select(3, phone:pull "todoitem")), (select(3, tablet:pull "todoitem"))) -- expect: timeout	timeout
  task:join()
  print(world:now_ns() // 1000000000) -- expect: 40
  print(phone:pull "todoitem", tablet:pull "todoitem") -- expect: 0	0
  world:swizzle { clients = {} } -- error: swizzle.clients: names none
end)
