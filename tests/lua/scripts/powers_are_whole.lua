local story = require "lib.story"
return story(function()
  print(2 ^ 10, 2 ^ -1, 2 ^ 0.0, -2 ^ 2, 2 ^ 3 ^ 2, (2 ^ 3) ^ 2) -- expect: 1024.0	0.5	1.0	-4.0	512.0	64.0
  print("3" ^ 2, 10 ^ 15 == 1e15, 2 ^ 53 == 1 << 53) -- expect: 9.0	true	true
  local v = setmetatable({}, { __pow = function(_, n) return "pow" .. n end })
  print(v ^ 3, - - 2 ^ 2, not 2 ^ 2, 7 // 2 ^ 2) -- expect: pow3	4.0	false	1.0
  local t = { a = { b = function(x) return x end } }
  print(t.a.b(2) ^ t["a"].b(3), ("x"):rep(2 ^ 2)) -- expect: 8.0	xxxx
  print(pcall(function() return {} ^ 2 end)) -- expect: false	powers_are_whole.lua:9: attempt to perform arithmetic on a table value
  return 2 ^ 0.5 -- error: '^' takes whole exponents only
end)
