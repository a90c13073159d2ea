local story = require "lib.story"
return story(function()
  print(("hello world"):find("o w")) -- expect: 5	7
  print(("hello world"):find("(o)(.)", 6)) -- expect: 8	9	o	r
  print(("key = value"):match("^(%w+)%s*=%s*(%w+)$")) -- expect: key	value
  print((("a.b"):find(".", 1, true)), (("abc"):find("b", -2)), ("abc"):find("", 10)) -- expect: 2	2	nil
  print(("x"):rep(3, ","), ("THE (quick) fox"):find("%((%a+)%)")) -- expect: x,x,x	5	11	quick
  for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do print(k, v) end
  -- expect: a	1
  -- expect: b	2
  print((("hello"):gsub("l+", "<%0>")), ("abc"):gsub("", "-")) -- expect: he<ll>o	-a-b-c-	4
  print(("$name is $age"):gsub("%$(%w+)", { name = "Bo", age = 5 })) -- expect: Bo is 5	2
  print(("abc"):gsub("%w", function(c) return c == "b" and c:upper() or nil end)) -- expect: aBc	3
  print(("f(a(b)c)d"):match("%b()"), ("THE (quick) fox"):gsub("%f[%a]%a+", "w")) -- expect: (a(b)c)	w (w) w	3
  print(("aXb"):match("()X()")) -- expect: 2	3
  print(("abab"):match("(ab)%1"), ("[x]"):match("[]x[]+"), ("a-b"):match("[a%-]+")) -- expect: ab	[x]	a-
  print(pcall(string.find, "a", "[a")) -- expect: false	patterns_work.lua:17: malformed pattern (missing ']')
  print(pcall(string.gsub, "a", "a", "%9")) -- expect: false	patterns_work.lua:18: invalid capture index %9
end)
