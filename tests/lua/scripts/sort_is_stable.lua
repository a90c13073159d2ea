local story = require "lib.story"
return story(function()
  local t = {}
  for i = 1, 1000 do t[i] = { key = i % 7, order = i } end
  table.sort(t, function(a, b) return a.key < b.key end)
  local good = true
  for i = 2, #t do
    good = good and (t[i - 1].key < t[i].key or t[i - 1].key == t[i].key and t[i - 1].order < t[i].order)
  end
  print(good) -- expect: true
  local words = { "pear", "fig", "apple" }
  table.sort(words)
  print(table.concat(words, " ")) -- expect: apple fig pear
  table.sort(t, function() return true end) -- an inconsistent one does no harm
  print(#t) -- expect: 1000
  local n = { 3, 1, 2.5, -1 }
  table.sort(n, function(a, b) return a > b end)
  print(table.unpack(n)) -- expect: 3	2.5	1	-1
  print(pcall(table.sort, { 1, "x" })) -- expect: false	attempt to compare string with number
  table.sort { 1, nil, 3 } -- error: table.sort: a sequence with holes: 2 items, the last of them at 3
end)
