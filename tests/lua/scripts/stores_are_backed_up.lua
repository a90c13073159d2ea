local story = require "lib.story"
return story(function(world)
  local phone = world:client { name = "phone", store = "sqlite", dialect = "sound" }
  local todo, side = phone:table "todoitem", world.server:table "todoitem"
  todo:insert { id = "a", text = "old" }
  local old = phone:backup()
  print(old) -- expect: backup of phone
  todo:update { id = "a", text = "new" }
  print(phone:restore(old), todo:lookup("a").text, phone:pending()) -- expect: true	old	1
  print(phone:reinstall(), todo:count(), phone:pending()) -- expect: true	0	0
  phone:crash()
  print(phone:restore(old), todo:count()) -- expect: true	1
  side:insert { id = "s", text = "first" }
  local night = world.server:backup()
  side:delete "s"
  print(world.server:restore(night), side:count()) -- expect: true	1
  print(select(2, world.server:restore(old))) -- expect: this is no backup of the server	state
  print(side:count()) -- expect: 1
  print(select(2, phone:restore(night))) -- expect: this is no backup of a device	state
  print((select(2, pcall(phone.restore, phone, "backup")):gsub("^[^:]*:%d+: ", ""))) -- expect: restore: takes a backup, not a string
end)
