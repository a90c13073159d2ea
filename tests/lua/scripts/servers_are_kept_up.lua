local sim = require "syncsim"
local story = require "lib.story"
return story(function(world)
  local side = world.server:table "todoitem"
  side:insert { id = "a" }
  side:insert { id = "b" }
  side:delete "a"
  print(world.server:clean_tombstones { older = "1 d" }) -- expect: 0
  world:sleep "1 s"
  print(world.server:clean_tombstones(), side:count { include_deleted = true }) -- expect: 1	1
  print(side:hard_delete "b", side:count { include_deleted = true }) -- expect: true	0
  world.server:clock { instance = 2, step = "1 h" }
  print((select(2, pcall(world.server.clock, world.server, { instance = 3, step = "1 h" })):gsub("^[^:]*:%d+: ", ""))) -- expect: clock.instance: the server has 2
  print((select(2, pcall(world.server.notify, world.server, { coalesce = "1 s", burst = "1 s" })):gsub("^[^:]*:%d+: ", ""))) -- expect: notify: give coalesce or burst, not both
  world.server:throttle { requests = 1 }
  world.server:throttle(false)
  world.server:crash()
  print(select(3, side:hard_delete "b"), select(3, world.server:clean_tombstones())) -- expect: state	state
end, { server = { dialect = "sound", instances = { {}, { offset = "-2 s" } } } })
