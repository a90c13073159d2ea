-- Devices lose the server one after another and have it back in another order, while all edit the same row: whoever comes
-- back first is not who went first.
local sim = require "syncsim"

return sim.story {
  name = "sound: devices that are swizzled lose nothing",
  tables = { note = { likes = "integer" } },
  run = function(world)
    local devices = {}
    for i = 1, 4 do
      devices[i] = world:client { name = "device" .. i, dialect = "sound", policy = "client_wins", latency = "20 ms", timeout = "2 s" }
    end
    world.server:table("note"):insert { id = "a", likes = 0 }
    for _, device in ipairs(devices) do device:pull "note" end
    local swizzle = world:spawn(function() world:swizzle { clients = devices, pause = "3 s" } end)
    for round = 1, 5 do
      for i, device in ipairs(devices) do
        device:table("note"):insert { id = "from-" .. i .. "-" .. round, likes = round }
        device:table("note"):update { id = "a", likes = 10 * i + round }
        device:push()
      end
    end
    swizzle:join()
    world:settle()
    sim.expect(world.server:table("note"):count()):equals(21)
    for _, device in ipairs(devices) do sim.expect(device:pending()):equals(0) end
  end,
}
