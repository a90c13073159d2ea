local story = require "lib.story"
return story(function(world)
  local phone = world:client { name = "phone" }
  phone:table("note"):insert { id = "a", text = "x", likes = 1 }
  phone:push()
  world.server:migrate { tables = { note = { text = "string", tag = "string" } } }
  local row = world.server:table("note"):lookup "a"
  print(row.text, row.tag == nil or row.tag == require("syncsim").null, row.likes) -- expect: x	true	nil
  print(world.server:table("note"):update { id = "a", tag = "new" } ~= nil) -- expect: true
  print(phone:pull "note", phone:table("note"):lookup("a").likes) -- expect: 1	1
  world.server:migrate { tables = { note = { text = "string", tag = "string", likes = "integer" } } }
  print(world.server:table("note"):lookup("a").likes) -- expect: 1
  world.server:migrate { table = {} } -- error: migrate: unknown key 'table': did you mean 'tables'?
end, { tables = { note = { text = "string", likes = "integer" } } })
