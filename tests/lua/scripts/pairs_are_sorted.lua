local story = require "lib.story"
return story(function()
  local t = { zebra = 1, apple = 2, [3] = "c", [1] = "a", [-2] = "neg", [2.5] = "f", Mango = 3, [1 << 53] = "big" }
  local keys = {}
  for key in pairs(t) do keys[#keys + 1] = tostring(key) end
  print(table.concat(keys, " ")) -- expect: -2 1 2.5 3 9007199254740992 Mango apple zebra
  print(next(t)) -- expect: -2	neg
  print(next(t, 3)) -- expect: 9007199254740992	big
  print(next(t, "zebra")) -- expect: nil
  print(next {}) -- expect: nil
  -- removing and adding while walking
  local seen = {}
  for key in pairs(t) do
    seen[#seen + 1] = tostring(key)
    t.zebra, t.new = nil, 1
  end
  print(#seen) -- expect: 7
  local meta = setmetatable({}, { __pairs = function() return function(_, k) if not k then return 1, "one" end end end })
  for k, v in pairs(meta) do print(k, v) end -- expect: 1	one
  print(pcall(pairs, { [{}] = 1 })) -- expect: false	pairs_are_sorted.lua:20: a table as a key has no place in an order: use numbers or texts as keys of a table that is walked over
  for _ in pairs { [true] = 1 } do end -- error: a boolean as a key has no place in an order
end)
