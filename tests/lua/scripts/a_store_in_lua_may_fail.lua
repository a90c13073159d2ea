local story = require "lib.story"
local store = require "lib.store"
return story(function(world)
  local phone = world:client { name = "phone", store = store(function() return false, "the disk is full" end) }
  local row, message, code = phone:table("todoitem"):insert { id = "a" }
  print(row, message:match "the disk is full", code) -- expect: nil	the disk is full	store
  local good = world:client { name = "good", store = store() }
  print(good:table("todoitem"):insert({ id = "a", text = "x" }).text, good:push().completed, good:pull "todoitem") -- expect: x	1	1
end)
