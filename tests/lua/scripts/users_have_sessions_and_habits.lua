local sim = require "syncsim"
return sim.world {
  name = "users with habits",
  tables = { orders = { customer = "string", state = "string" }, line = { order_id = "string", quantity = "integer" } },
  run = function(world)
    local phone = world:client { name = "phone", policy = "client_wins" }
    local habits = { clients = { phone }, within = "1 d", rows = 20, sessions = { per_day = 40, hour = 9, offline = 300 }, zipf = 0.99,
      own = 300, burst = 200, undo = 200, kinds = { line = "parent-child", orders = "form" }, fields = { orders = { state = 3 } },
      mix = { insert = 40, update = 50, delete = 5, sync = 5 } }
    local scripted = world:spawn(function()
      world:sleep "2 h"
      world.server:table("orders"):insert { id = "by-hand", customer = "c" }
    end)
    world:users(habits)
    scripted:join()
    world:settle()
    print(world:counts().operations > 20, world.server:table("orders"):lookup("by-hand") ~= nil) -- expect: true	true
    local orphans, lines = 0, world.server:table("line"):read()
    for _, line in ipairs(lines) do
      local order = line.order_id
      if order ~= "" and not order:match "^orders%-%d+$" then orphans = orphans + 1 end
    end
    print(#lines > 0, orphans) -- expect: true	0
    habits.kinds = { line = "chekc-list" }
    print(pcall(world.users, world, habits)) -- expect: false	users_have_sessions_and_habits.lua:25: users.kinds.line: unknown value 'chekc-list': did you mean 'check-list'?; one of: independent, check-list, counter, form, notes, parent-child
    habits.kinds, habits.own = nil, 1001
    world:users(habits) -- error: users.own: is in thousandths, at most 1000
  end,
}
