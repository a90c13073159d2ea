local sim = require "syncsim"
local story = require "lib.story"
return story(function(world)
  local todo = world.server:table "todoitem"
  print(todo:insert({ id = "a", text = "one" }).text, todo:count(), #todo:read { where = { text = "one" } }) -- expect: one	1	1
  print(todo:update({ id = "a", text = "two" }).text, todo:lookup("a").text) -- expect: two	two
  print((select(3, todo:insert { id = "a", text = "again" })), (select(3, todo:update { id = "none", text = "x" }))) -- expect: conflict	not_found
  print((select(3, todo:update { id = "a", text = "x", version = "stale" }))) -- expect: conflict
  print(todo:delete "a", todo:lookup "a", todo:count()) -- expect: true	nil	0
  local phone = world:client { name = "phone" }
  print(#world.server:requests()) -- expect: 0
  local remote = phone:remote "todoitem"
  print(remote:insert({ id = "r", text = "direct" }).text, remote:lookup("r").text, remote:count()) -- expect: direct	direct	1
  print(remote:update({ id = "r", text = "changed" }).text, remote:read({ where = { id = "r" } })[1].text) -- expect: changed	changed
  print(remote:delete "r", (remote:lookup "r")) -- expect: true	nil
  local requests = world.server:requests()
  print(#requests, requests[1].method, requests[1].status, requests[1].from, requests[1].table, requests[1].id) -- expect: 7	insert	201	phone	todoitem	r
  phone:offline()
  print(select(3, remote:lookup "r"), select(3, remote:insert { text = "x" })) -- expect: network	network
  phone:online()
  world.server:crash()
  print(select(3, todo:lookup "a")) -- expect: state
  print(world.server:restart(), todo:count()) -- expect: true	0
  world.server:notify(true)
  world.server:notify(false)
  todo:insert { id = 5 } -- error: column 'id' takes a string, not a number
end)
