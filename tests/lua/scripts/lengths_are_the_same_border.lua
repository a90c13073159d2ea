#!/usr/bin/env syncsim
local story = require "lib.story"
return story(function()
  local t = {}
  for i = 1, 100 do t[i] = i end
  print(#t, #"text", #{ 1, 2, 3, nil }, #{ n = 1 }) -- expect: 100	4	3	0
  for i = 50, 60 do t[i] = nil end
  print(#t) -- expect: 100
  t[100] = nil
  print(#t) -- expect: 99
  for i = 61, 99 do t[i] = nil end
  print(#t) -- expect: 49
  t[50] = 1
  print(#t, #t + 1, -#t, (#t) ^ 2, 2 ^ #t == 1 << 50) -- expect: 50	51	-50	2500.0	true
  local m = setmetatable({}, { __len = function() return 42 end })
  print(#m, #(function() return m end)(), # --[[ a comment # ]] m) -- expect: 42	42	42
  print(#[[long # string]], #"esc\"#", #t.x and 1 or 2) -- error: attempt to get length of a nil value
end)
