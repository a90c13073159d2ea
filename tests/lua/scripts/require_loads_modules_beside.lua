local story = require "lib.story"
print(require "lib.story" == story, (pcall(require, "../secret")), (pcall(require, "/etc/passwd"))) -- expect: true	false	false
return story(function()
  print((select(2, pcall(require, "lib.nothing")):match "^(.-'lib.nothing')")) -- expect: require_loads_modules_beside.lua:4: require: no module 'lib.nothing'
end)
