local sim = require "syncsim"
local story = require "lib.story"
return story(function(world)
  print(world:now_ns()) -- expect: 0
  world:sleep "1 min 30 s"
  print(world:now_ns()) -- expect: 90000000000
  world:sleep "0.5 ms"
  print(world:now_ns()) -- expect: 90000500000
  local task = world:spawn(function(a, b)
    print("spawned", a) -- expect: spawned	1
    world:sleep "10 s"
    return a + b, "done"
  end, 1, 2)
  print "beside" -- expect: beside
  print(task:join()) -- expect: 3	done
  print(task:join()) -- expect: 3	done
  world:at("10 min", function() print("at", world:now_ns() // 60000000000) end)
  world:together { function() world:sleep "2 s" print "second" end, function() world:sleep "1 s" print "first" end }
  -- expect: first
  -- expect: second
  local ready = false
  world:spawn(function() world:sleep "3 s" ready = true end)
  print(world:eventually(function() return ready end, "10 s")) -- expect: true
  -- a coroutine of the script's own passes waits on to its driver
  local co = coroutine.wrap(function() world:sleep "5 s" coroutine.yield "mine" return "end" end)
  local before = world:now_ns()
  print(co(), (world:now_ns() - before) // 1000000000, co()) -- expect: mine	5	end
  print(world:choose("colour", 10, "a") == world:choose("colour", 10, "a"), world:choose("x", 1)) -- expect: true	0
  -- expect: at	10
end)
