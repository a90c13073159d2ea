local sim = require "syncsim"

-- Several drivers use the same devices without asking each other: writes, pushes, pulls, purges and resolutions overlap, processes die in
-- the middle, stores fail, and the back office writes the same few rows. A policy may do any of that while its push waits for it.
local IDS = { "a", "b", "c", "d" }
local TABLES = { "note", "note", "other" }
local function one_of(n) return math.random(n) end

local function settle_errors(result)
  for _, problem in ipairs(result and result.errors or {}) do
    local what = one_of(4)
    if what == 1 then
      problem:cancel_and_discard()
    elseif what == 2 and problem.server then
      problem:cancel_and_update(problem.server)
    elseif what == 3 and problem.server then
      problem:update_operation { id = problem.id, version = problem.server.version }
    end
  end
end

local function back_office(world, name, row)
  local side = world.server:table(name)
  local what = one_of(3)
  if what == 1 then side:delete(row.id) elseif what == 2 then side:insert(row) else side:update(row) end
end

local function act(world, phone)
  if not phone:up() then phone:restart() end
  local name = TABLES[one_of(3)]
  local todo = phone:table(name)
  local row = { id = IDS[one_of(4)], title = "t" .. one_of(100) }
  if name == "note" and one_of(2) == 1 then row.n = one_of(9) end
  local what = one_of(28)
  if what <= 5 then todo:insert(row)
  elseif what <= 11 then todo:update(row)
  elseif what <= 13 then todo:delete(row.id)
  elseif what <= 16 then phone:push()
  elseif what == 17 then phone:push(name)
  elseif what <= 20 then phone:pull { table = name, query_id = "all" }
  elseif what == 21 then phone:pull(name)
  elseif what == 22 then phone:pull { table = "note", query_id = "some", where = { n = { ge = 4 } } }
  elseif what == 23 then phone:purge { table = name, query_id = "all", force = one_of(2) == 1 }
  elseif what == 24 then phone:crash_at { write = one_of(6) }
  elseif what == 25 then phone:fail_at { write = one_of(6) }
  elseif what == 26 then phone:restart()
  elseif what == 27 then back_office(world, name, row)
  else
    local result, _, _, failed = phone:push()
    settle_errors(result or failed)
  end
end

return sim.world {
  name = "drivers that know nothing of each other push, pull, purge, edit, resolve and crash the same devices",
  tables = { note = { title = "string", n = "integer" }, other = { title = "string" } },
  server = { page_size = 3, notify = true, service = "7 ms", commit = "5 ms", commit_spread = "30 ms" },
  run = function(world)
    local phones, busy = {}, true
    local policies = {
      "client_wins", "server_wins", "latest_wins",
      function(conflict)
        if busy and one_of(3) == 1 then act(world, phones[one_of(#phones)]) end
        return conflict.attempt % 2 == 1 and "client" or "server"
      end,
    }
    for i = 1, 3 do
      phones[i] = world:client {
        name = "phone" .. i, store = i == 2 and "sqlite" or "memory", policy = policies[one_of(4)],
        latency = "20 ms", latency_spread = "200 ms", timeout = "400 ms", pull_on_notice = i ~= 3, auto_sync = i == 1,
        weather = { net_request_lost = 80, net_response_lost = 80 },
      }
    end
    local drivers = {}
    for i = 1, 5 do
      drivers[i] = world:spawn(function()
        for _ = 1, 12 do
          act(world, phones[one_of(3)])
          world:sleep(one_of(300) .. " ms")
        end
      end)
    end
    for _, driver in ipairs(drivers) do driver:join() end
    busy = false
    world:settle()
  end,
}
