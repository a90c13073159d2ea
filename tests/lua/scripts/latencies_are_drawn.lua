local story = require "lib.story"
return story(function(world)
  local phone = world:client { name = "phone" }
  local link = world:link(phone)
  local function took()
    local before = world:now_ns()
    phone:remote("todoitem"):lookup "a"
    return (world:now_ns() - before) // 1000000
  end
  link:latency { constant = "30 ms" }
  print(took()) -- expect: 60
  link:latency { recorded = { "10 ms", "40 ms" } }
  local seen, most = {}, 0
  for _ = 1, 30 do seen[took()] = true end
  print(seen[20], seen[50], seen[80], seen[30]) -- expect: true	true	true	nil
  link:latency { mixture = { { weight = 9, constant = "5 ms" }, { weight = 1, pareto = "1 s", exponent = 1100, limit = "3 s" } } }
  seen = {}
  for _ = 1, 60 do
    local ms = took()
    seen[ms], most = true, math.max(most, ms)
  end
  print(seen[10], most >= 1000 and most <= 6000) -- expect: true	true
  for _, one in ipairs { { exponential = "20 ms" }, { lognormal = "20 ms", sigma = 500 }, { uniform = { "10 ms", "20 ms" } } } do
    link:latency(one)
    local a, b = took(), took()
    print(a ~= b and a >= 0) -- expect: true
  end
  -- expect: true
  -- expect: true
  link:latency("20 ms", "0 ms")
  print(took()) -- expect: 40
  print((pcall(function() link:latency { uniform = { "2 s", "1 s" } } end))) -- expect: false
  link:latency { pareto = "1 s", exponent = 1000 } -- error: latency: a pareto distribution has an exponent of 1.1 at least
end)
