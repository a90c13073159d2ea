local sim = require "syncsim"

return sim.story {
  name = "devices of one group are out at the same times, others at others",
  tables = { todoitem = { text = "string" } },
  dialects = { "sound" },
  run = function(world)
    local devices = {}
    for i, group in ipairs { "train", "train", "bus" } do
      devices[i] = world:client {
        name = "rider" .. i, group = group,
        weather = { net_outage_every = "40 s", net_outage_lasting = "2 min" },
      }
    end
    local together, apart = 0, 0
    for _ = 1, 60 do
      world:sleep "30 s"
      local out = {}
      for i, device in ipairs(devices) do
        device:table("todoitem"):insert { text = "tick" }
        device:push()
        out[i] = device:pending() > 0
      end
      if out[1] == out[2] then together = together + 1 end
      if out[1] ~= out[3] then apart = apart + 1 end
    end
    sim.expect(together):at_least(57) -- a push that ends as the tunnel begins
    sim.expect(apart):at_least(10)
    world:settle()
  end,
}
