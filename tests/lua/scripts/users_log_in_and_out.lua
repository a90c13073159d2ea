local story = require "lib.story"
return story(function(world)
  local phone = world:client { name = "phone" }
  phone:table("secret"):insert { id = "a", text = "x" }
  print(select(4, phone:push()).status) -- expect: CancelledByAuthenticationError
  phone:login "ann"
  print(phone:push().status) -- expect: Complete
  phone:restart()
  print(phone:pull "secret") -- expect: 1
  phone:logout()
  print((select(3, phone:pull "secret"))) -- expect: auth
  local users = {}
  for i, request in ipairs(world.server:requests()) do users[i] = request.user .. request.status end
  print(table.concat(users, " ")) -- expect: 401 ann201 ann200 ann200 401
  phone:login "" -- error: login: a user has a name
end, { tables = { secret = { columns = { text = "string" }, authorize = true } } })
