local story = require "lib.story"
return story(function(world)
  print(io, debug, dofile, loadfile, package, string.dump, math.exp, math.sin, math.log) -- expect: nil	nil	nil	nil	nil	nil	nil	nil	nil
  print(os.getenv, os.execute, os.exit, os.remove) -- expect: nil	nil	nil	nil
  print(pcall(setmetatable, {}, { __gc = print })) -- expect: false	what_is_not_deterministic_is_refused.lua:5: __gc would show when the collector runs, which differs from run to run
  print(select(2, pcall(setmetatable, {}, { __mode = "k" }))) -- expect: what_is_not_deterministic_is_refused.lua:6: __mode would show when the collector runs, which differs from run to run
  local meta = {}
  local object = setmetatable({}, meta)
  meta.__index = function() return "there" end
  print(object.x, getmetatable(object) == meta, getmetatable(meta), getmetatable("")) -- expect: there	true	nil	false
  print((pcall(function() meta.__mode = "v" end)), (pcall(rawset, meta, "__mode", "v"))) -- expect: false	false
  print(tostring({}), tostring(print), {}, print == print) -- expect: table: 1	function: 2	table: 3	true
  print(pcall(string.format, "%p", {})) -- expect: false	what_is_not_deterministic_is_refused.lua:13: format: %p shows an address, which differs from run to run
  print(load("return 1 + #...")("abc")) -- expect: 4
  print(load("return x", "piece", "t", { x = 5 })()) -- expect: 5
  print(load("\27Lua")) -- expect: nil	attempt to load a binary chunk (mode is 't')
  print(collectgarbage(), (pcall(collectgarbage, "count"))) -- expect: 0	false
  local a, b = math.random(), math.random(1, 6)
  print(a >= 0 and a < 1, b >= 1 and b <= 6, math.random(5) <= 5) -- expect: true	true	true
  world:sleep "90 s"
  print(os.time(), os.clock(), os.date("%Y-%m-%d %H:%M:%S")) -- expect: 1767225690	90.0	2026-01-01 00:01:30
  print(os.time { year = 2024, month = 2, day = 29, hour = 0 }, os.date("!*t", 1709164800).yday) -- expect: 1709164800	60
  print(os.date("%c", 0), os.difftime(5, 3)) -- expect: Thu Jan 01 00:00:00 1970	2.0
  print(string.format("%5.1f|%-4s|%04d|%x|%q|%%|%s", 3.14159, "ab", 42, 255, "q", true)) -- expect:   3.1|ab  |0042|ff|"q"|%|true
end)
