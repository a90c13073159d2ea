local sim = require "syncsim"

-- Users as in other worlds; beside them, at drawn moments, everything that an app or an administrator may do: purges, pulls of a part and of
-- the whole, restarts of the server, failing and dying stores, edits of the back office.
local POLICIES = { "client_wins", "server_wins", "latest_wins" }

local acts = {
  function(_, phone) phone:purge { table = "note", query_id = "all" } end,
  function(_, phone) phone:purge { table = "note", query_id = "all", force = true } end,
  function(_, phone) phone:crash_at { write = 3 }; phone:purge { table = "note", query_id = "all", force = true } end,
  function(_, phone) phone:pull { table = "note", query_id = "some", where = { n = { ge = 500 } } } end,
  function(_, phone) phone:pull { table = "note", query_id = "all" } end,
  function(_, phone) phone:pull { table = "other", query_id = "all" } end,
  function(_, phone) phone:pull "note" end,
  function(_, phone) phone:push() end,
  function(_, phone) phone:fail_at { write = 2 } end,
  function(_, phone) phone:crash_at { write = 2 } end,
  function(_, phone) phone:crash() end,
  function(world) world.server:crash(); world:sleep "1 s"; world.server:restart() end,
  function(world, _, id) world.server:table("note"):update { id = id, n = 7 } end,
  function(world, _, id) world.server:table("note"):update { id = id, n = 700 } end,
  function(world, _, id) world.server:table("note"):update { id = id, title = sim.null } end,
  function(world, _, id) world.server:table("note"):delete(id) end,
}

local function meddle(world, phone, number)
  for at = 1, 8 do
    world:sleep(string.format("%d s", world:choose("pause", 120, number, at)))
    if not phone:up() then phone:restart() end
    local what = world:choose("act", #acts + 1, number, at)
    if what > 0 then acts[what](world, phone, "note-" .. 1 + world:choose("row", 8, number, at)) end
  end
end

return sim.world {
  name = "an app and an administrator do what they please",
  tables = { note = { title = "string", n = "integer" }, other = { title = "string" } },
  server = { page_size = 3, workers = 3, service = "30 ms", commit = "10 ms", commit_spread = "400 ms" },
  run = function(world)
    local phones, drivers = {}, {}
    for i = 1, 3 do
      phones[i] = world:client {
        name = "phone" .. i, store = i == 2 and "sqlite" or "memory", policy = POLICIES[world:choose("policy", 3, i) + 1],
        latency = "20 ms", latency_spread = "300 ms", timeout = "5 s", weather = { net_request_lost = 40, net_response_lost = 60 },
      }
      drivers[i] = world:spawn(meddle, world, phones[i], i)
    end
    world:users {
      clients = phones, per_user = 15, within = "10 min", rows = 8, mix = { insert = 20, update = 50, delete = 15, sync = 15 },
      outages = { every = "4 min", lasting = "1 min" },
    }
    for _, driver in ipairs(drivers) do driver:join() end
    world:settle()
  end,
}
