local sim = require "syncsim"
local story = require "lib.story"
return story(function(world)
  local phone = world:client { name = "phone" }
  local todo = phone:table "todoitem"
  local at = sim.time "2026-03-01T12:00:00.5Z"
  print(at, sim.time_text(at), at == sim.time "2026-03-01T13:00:00.500+01:00", at - sim.time "2026-03-01T12:00:00Z") -- expect: 2026-03-01T12:00:00.500Z	2026-03-01T12:00:00.500Z	true	500000000
  local row = todo:insert { id = "a", text = "milk", qty = 3, done = false, at = at, price = 0.1, blob = "\0\255" }
  print(row.id, row.text, row.qty, row.done, row.at == at, row.price, #row.blob) -- expect: a	milk	3	false	true	0.1	2
  todo:insert { id = "b", text = "bread", qty = 10, done = true, at = "2026-04-01T00:00:00Z" }
  todo:insert { id = "c", text = "butter milk", qty = 7, done = false, price = sim.null }
  print(todo:insert({ text = "made" }).id ~= nil, todo:count()) -- expect: true	4
  local function ids(query)
    local out = {}
    for i, one in ipairs(todo:read(query)) do out[i] = one.id end
    return table.concat(out, " ")
  end
  print(ids { where = { done = false } }, ids { where = { qty = { ge = 3, lt = 10 } } }) -- expect: a c	a c
  print(ids { where = { text = { contains = "milk" }, qty = { gt = 3 } } }, ids { where = { text = { starts_with = "b" } } }) -- expect: c	b c
  print(ids { where = { any = { { id = "a" }, { qty = 10 } } } }, ids { where = { id = { ne = "a" }, ["not"] = { qty = 7 } } }) -- expect: a b	b
  print(ids { where = { qty = { ge = 0 } }, order = "qty desc" }, ids { where = { qty = { ge = 0 } }, order = { "done", "qty desc" }, skip = 1, top = 1 }) -- expect: b c a	a
  print(ids { where = { at = { gt = at } } }, ids { where = { id = "a", price = { ne = sim.null } } }) -- expect: b	a
  local only = todo:read { where = { id = "a" }, select = { "text" } }[1]
  print(only.id, only.text, only.qty) -- expect: a	milk	nil
  todo:update { id = "a", text = "oat milk" }
  print(todo:lookup("a").text, todo:lookup("a").qty, todo:lookup "nothing") -- expect: oat milk	3	nil
  print(todo:delete "a", todo:lookup "a", phone:pending(), phone:pending "todoitem") -- expect: true	nil	3	3
  local queue = phone:queue()
  print(#queue, queue[1].kind, queue[1].state, queue[1].table, queue[1].id) -- expect: 3	insert	pending	todoitem	b
  print(phone, todo, world, world.server, phone.name, phone:up()) -- expect: client phone	table phone/todoitem	world	server	phone	true
end)
