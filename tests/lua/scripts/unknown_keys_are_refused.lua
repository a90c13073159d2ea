local story = require "lib.story"
return story(function(world)
  local function try(fn, ...) print((select(2, pcall(fn, ...)):gsub("^[^:]*:%d+: ", ""))) end
  try(function() world:client { name = "a", dialct = "sound" } end) -- expect: client: unknown key 'dialct': did you mean 'dialect'?
  try(function() world:client { name = "a", dialect = "soun" } end) -- expect: client.dialect: unknown dialect 'soun': did you mean 'sound'?
  try(function() world:client { name = "a", policy = "client_win" } end) -- expect: client.policy: unknown policy 'client_win': did you mean 'client_wins'?
  try(function() world:client { dialect = "sound" } end) -- expect: client: the key 'name' is required
  try(function() world:client { name = 5 } end) -- expect: client.name: takes a string, not a number
  try(function() world:client { name = "a", latency = 20 } end) -- expect: client.latency: takes a duration with its unit (ns us ms s min h d), as in "250 ms", not 20
  try(function() world:client { name = "a", timeout = "20 sec" } end) -- expect: client.timeout: takes a duration with its unit (ns us ms s min h d), as in "250 ms", not "20 sec"
  try(function() world:client { name = "a", store = {} } end) -- expect: client.store: a store written in Lua needs a function 'begin'
  try(function() world:client { name = "a", policy = "client_wins", handler = print } end) -- expect: client: give a policy or a handler, not both: a handler decides itself
  try(function() world:client { name = "a", policy = { todoite = "client_wins" } } end) -- expect: client a has no table 'todoite': did you mean 'todoitem'?
  local phone = world:client { name = "phone" }
  try(function() world:client { name = "phone" } end) -- expect: client.name: there is a client 'phone' already
  try(function() phone:table "todo" end) -- expect: client phone has no table 'todo': did you mean 'todoitem'?
  try(function() phone:pull { tabel = "todoitem" } end) -- expect: pull: unknown key 'tabel': did you mean 'table'?
  try(function() phone.pull("todoitem") end) -- expect: pull: call it with a colon, as client:pull(...)
  try(function() world:link(phone):drop_next { what = "requests" } end) -- expect: drop_next.what: unknown value 'requests': did you mean 'request'?; one of: request, response, notice, body
  try(function() world:link "phone" end) -- expect: link: takes a client, not a string
  try(function() world:sleep "-1 s" end) -- expect: sleep: time goes on, never back
  try(function() world.foo = 1 end) -- expect: world.foo: the world has no keys of the scenario's own
  try(function() phone:table("todoitem"):insert { txt = "x" } end) -- expect: table todoitem has no column 'txt': did you mean 'text'?
  try(function() phone:table("todoitem"):insert { text = 5 } end) -- expect: column 'text' takes a string, not a number
  try(function() phone:table("todoitem"):insert { qty = 1.5 } end) -- expect: column 'qty' takes a integer, not a number
  try(function() phone:table("todoitem"):insert { price = 0 / 0 } end) -- expect: column 'price' takes a number, not NaN or an infinity
  try(function() phone:table("todoitem"):read { where = { qty = { gte = 1 } } } end) -- expect: where: unknown operator 'gte': did you mean 'gt'?
  try(function() phone:table("todoitem"):read { order = "qyt desc" } end) -- expect: table todoitem has no column 'qyt': did you mean 'qty'?
  try(function() phone:table("todoitem"):read { top = -1 } end) -- expect: read.top: takes a whole number, 0 or more, not -1
  phone:table("todoitem"):lookup(5) -- error: lookup: takes an id, a text, not a number
end)
