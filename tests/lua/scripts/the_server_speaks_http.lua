local sim = require "syncsim"
local story = require "lib.story"
return story(function(world)
  world.server:table("todoitem"):insert { id = "a", text = "one" }
  local headers = { ["ZUMO-API-VERSION"] = "2.0.0", ["Content-Type"] = "application/json" }
  local function http(method, path, body) return world.server:http { method = method, path = path, headers = headers, body = body } end
  local answer = http("GET", "/tables/todoitem/a")
  print(answer.status, answer.body:match '"text":"(%w+)"', answer.headers.etag ~= nil, answer.headers.ETag) -- expect: 200	one	true	nil
  print(http("PATCH", "/tables/todoitem/a", '{"text":"two"}').status, world.server:table("todoitem"):lookup("a").text) -- expect: 200	two
  print(http("GET", "/tables/todoitem/none").status, world.server:http({ method = "GET", path = "/tables/todoitem/a" }).status) -- expect: 404	400
  print(#world.server:requests()) -- expect: 0
  world.server:crash()
  print(select(3, http("GET", "/tables/todoitem/a"))) -- expect: state
  world.server:http { method = "GET", path = "/", headers = { Accept = 5 } } -- error: http.headers: a header is name = text
end)
