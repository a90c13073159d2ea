local story = require "lib.story"
return story(function()
  local t = { 1, 2, 3 }
  table.insert(t, 4)
  table.insert(t, 1, 0)
  print(table.concat(t, ","), table.remove(t), table.remove(t, 1), table.concat(t, ",")) -- expect: 0,1,2,3,4	4	0	1,2,3
  print(select("#", table.unpack({ 1, nil, 3 }, 1, 3)), table.pack(nil, nil).n) -- expect: 3	2
  print(pcall(table.insert, t, 9, 1)) -- expect: false	bad argument #2 to 'table.insert' (position out of bounds)
  print(table.remove {}, #table.move({ 1, 2 }, 1, 2, 2)) -- expect: nil	3
  print(pcall(table.concat, { {} })) -- expect: false	tables_refuse_holes.lua:10: invalid value (at index 1) in table for 'concat'
  for i, v in ipairs { "a", nil, "c" } do print(i, v) end -- expect: 1	a
  print(table.unpack { 1, nil, 3 }) -- error: table.unpack: a sequence with holes
end)
