local sim = require "syncsim"

-- Ids and texts that mean something in a URL, times finer than a millisecond, texts that are null: all that a message may spoil.
local IDS = { "a b", "50%25", "ü&1", "x=1" }
local TITLES = { "plain", "salt & pepper", "100 %", "a'b" }

local function values(world, number, at)
  return {
    title = TITLES[world:choose("title", #TITLES, number, at) + 1],
    at = sim.time(string.format("2026-01-01T00:00:00.%07dZ", world:choose("ticks", 10000000, number, at))),
  }
end

local acts = {
  function(_, phone, row) phone:table("note"):insert(row) end,
  function(_, phone, row) phone:table("note"):update(row) end,
  function(_, phone, row) phone:table("note"):delete(row.id) end,
  function(_, phone) phone:push() end,
  function(_, phone) phone:pull { table = "note", query_id = "all" } end,
  function(_, phone) phone:pull { table = "note", query_id = "some", where = { title = "salt & pepper" } } end,
  function(world, _, row) world.server:table("note"):update(row) end,
}

local function live(world, phone, number)
  for at = 1, 12 do
    world:sleep(string.format("%d s", world:choose("pause", 60, number, at)))
    local what = world:choose("act", #acts + 1, number, at)
    if what > 0 then
      local row = values(world, number, at)
      row.id = IDS[world:choose("row", #IDS, number, at) + 1]
      acts[what](world, phone, row)
    end
  end
end

return sim.world {
  name = "ids, texts and times that messages must not spoil",
  tables = { note = { title = "string", at = "datetime" } },
  run = function(world)
    local drivers = {}
    for i = 1, 2 do
      world.server:table("note"):insert { id = IDS[i], title = TITLES[i], at = sim.time "2026-01-01T00:00:00.1234567Z" }
    end
    for i = 1, 2 do
      local phone = world:client { name = "phone" .. i, policy = "client_wins", latency = "20 ms", latency_spread = "200 ms" }
      drivers[i] = world:spawn(live, world, phone, i)
    end
    for _, driver in ipairs(drivers) do driver:join() end
    world:settle()
  end,
}
