local sim = require "syncsim"

-- No policy: what conflicts or is not allowed fails, and the app resolves the error afterwards, each in one of the ways that there are.
local function resolve(world, number, round, at, problem)
  local server = problem.server
  local what = round > 6 and 2 or world:choose("resolution", 3, number, round, at)
  if what == 0 or not server or server.deleted then
    problem:cancel_and_discard()
  elseif what == 1 then
    problem:cancel_and_update(server)
  else
    problem:update_operation { id = problem.id, version = server.version }
  end
end

local function push_and_resolve(world, phone, number, round)
  local result, _, _, failed = phone:push()
  if world:choose("pulls", 2, number, round) == 1 then phone:pull { table = "note", query_id = "all" } end
  for at, problem in ipairs((result or failed or {}).errors or {}) do resolve(world, number, round, at, problem) end
end

return sim.world {
  name = "the app resolves the errors of its pushes by hand",
  tables = { note = { title = "string", n = "integer" }, price = { columns = { amount = "integer" }, disabled = { "insert" } } },
  run = function(world)
    local phones, drivers = {}, {}
    for i = 1, 2 do
      phones[i] = world:client { name = "phone" .. i, latency = "20 ms", latency_spread = "200 ms" }
      drivers[i] = world:spawn(function()
        for round = 1, 6 do
          world:sleep "2 min"
          push_and_resolve(world, phones[i], i, round)
        end
      end)
    end
    world:users {
      clients = phones, per_user = 12, within = "10 min", rows = 4, mix = { insert = 15, update = 60, delete = 15, sync = 10 },
    }
    for _, driver in ipairs(drivers) do driver:join() end
    for round = 7, 16 do
      for i = 1, 2 do
        if phones[i]:pending() > 0 then push_and_resolve(world, phones[i], i, round) end
      end
    end
    world:settle()
  end,
}
