local story = require "lib.story"
return story(function(world)
  local phone = world:client { name = "phone", latency = "50 ms", timeout = "10 s" }
  phone:table("todoitem"):insert { id = "a" }
  world:link(phone):latency("100 ms"):drop_next { what = "request" }
  print(select(3, phone:push()), world:now_ns() // 1000000) -- expect: push_failed	10000
  print(phone:push().status, world:now_ns() // 1000000 >= 10200) -- expect: Complete	true
  world:link(phone):weather { net_request_lost = 1000 }
  print((select(3, phone:pull "todoitem"))) -- expect: timeout
  phone:clock { step = "1 h", drift_ppm = 20 }
  phone:metered(true)
  local traffic = phone:traffic()
  print(#traffic, traffic[1].method, traffic[1].result, traffic[2].status) -- expect: 3	insert	timeout	201
  print(world:settle(), world:counts().operations, world:counts().pushes >= 2) -- expect: true	1	true
  world:link(phone):weather { net_request_lost = 1001 } -- error: weather: net.request-lost: is in thousandths, 0 to 1000
end)
