local story = require "lib.story"
return story(function(world)
  local phone = world:client { name = "phone", store = "sqlite", power_loss = true }
  local todo = phone:table "todoitem"
  todo:insert { id = "a", text = "kept" }
  for _, fault in ipairs { "failed", "full", "short" } do
    phone:fail_at { change = 1, fault = fault }
    print(fault, select(3, todo:insert { id = fault }), todo:count()) -- expect: failed	store	1
    -- expect: full	store	1
    -- expect: short	store	1
  end
  phone:fail_at { change = 1 }
  print(select(3, todo:insert { id = "b" })) -- expect: store
  phone:fail_at { lock = 1 }
  print(select(3, todo:insert { id = "b" })) -- expect: store
  phone:crash_at { change = 3 }
  print(select(3, todo:insert { id = "c" }), phone:up()) -- expect: crashed	false
  phone:start()
  phone:crash_at { change = 3, power = "torn" }
  print(select(3, todo:insert { id = "c" }), phone:up(), phone:start(), todo:count()) -- expect: crashed	false	true	1
  phone:crash { power = "all" }
  phone:crash { power = "all" } -- down already
  print(phone:up(), phone:start()) -- expect: false	true

  local before = world:now_ns()
  phone:disk { commit = "200 ms", write = "1 ms" }
  todo:update { id = "a", text = "slowly" }
  print(world:now_ns() - before >= 200000000) -- expect: true

  local plain = world:client { name = "plain" }
  local function refuse(fn, ...) print((select(2, pcall(fn, ...)):gsub("^.-:%d+: ", ""))) end
  refuse(plain.crash, plain, { power = "all" }) -- expect: crash.power: make the client with power_loss = true, so that its disk remembers what was not synced
  refuse(phone.crash, phone, { power = "al" }) -- expect: crash.power: unknown value 'al': did you mean 'all'?; one of: all, later, earlier, some, torn, content, names
  refuse(plain.fail_at, plain, { change = 1 }) -- expect: client plain has no disk: its store is not "sqlite", or was never opened
  refuse(phone.fail_at, phone, { change = 1, write = 1 }) -- expect: fail_at: takes write or change, not both
  refuse(phone.fail_at, phone, {}) -- expect: fail_at: takes one of: write, change, lock, read
  refuse(phone.fail_at, phone, { change = 0 }) -- expect: fail_at.change: counts from 1
  refuse(phone.fail_at, phone, { lock = 1, fault = "full" }) -- expect: fail_at.fault: goes with a change
  refuse(phone.crash_at, phone, { write = 1, power = "all" }) -- expect: crash_at.power: goes with a change
end)
