local sim = require "syncsim"

-- Nobody pulls the whole table: rows enter and leave what is pulled.
local IDS = { "a", "b", "c", "d", "e", "f" }

local acts = {
  function(_, phone) phone:pull { table = "note", query_id = "much", where = { n = { ge = 5 } } } end,
  function(_, phone) phone:pull { table = "note", query_id = "more", where = { n = { ge = 3 } } } end,
  function(_, phone, id, n) phone:table("note"):insert { id = id, n = n } end,
  function(_, phone, id, n) phone:table("note"):update { id = id, n = n } end,
  function(_, phone) phone:push() end,
  function(world, _, id, n) world.server:table("note"):update { id = id, n = n } end,
}

local function live(world, phone, number)
  for at = 1, 15 do
    world:sleep(string.format("%d s", world:choose("pause", 60, number, at)))
    local what = world:choose("act", #acts + 1, number, at)
    if what > 0 then acts[what](world, phone, IDS[world:choose("row", #IDS, number, at) + 1], world:choose("n", 8, number, at)) end
  end
end

return sim.world {
  name = "devices pull two parts of a table, and rows come and go",
  tables = { note = { title = "string", n = "integer" } },
  server = { page_size = 2 },
  run = function(world)
    local drivers = {}
    for i = 1, 3 do world.server:table("note"):insert { id = IDS[i], title = "", n = i + 3 } end
    for i = 1, 2 do
      local phone = world:client {
        name = "phone" .. i, policy = "client_wins", latency = "20 ms", latency_spread = "300 ms", timeout = "5 s",
        weather = { net_request_lost = 20, net_response_lost = 20 },
      }
      drivers[i] = world:spawn(live, world, phone, i)
    end
    for _, driver in ipairs(drivers) do driver:join() end
    world:settle()
  end,
}
