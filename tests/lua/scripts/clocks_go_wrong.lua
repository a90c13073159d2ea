local sim = require "syncsim"
local story = require "lib.story"
return story(function(world)
  local phone = world:client { name = "phone", dialect = "sound", clock = { offset = "-3 s", zone = "2 h" } }
  local todo = phone:table "todoitem"
  local count = 0
  local function stamp()
    count = count + 1
    todo:insert { id = "row" .. count }
    phone:push()
    return sim.time_text(world.server:table("todoitem"):lookup("row" .. count).updatedAt)
  end
  print(stamp():sub(1, 16)) -- expect: 2026-01-01T00:00
  world.server:clock { set = "2031-05-06T07:08:09Z" }
  print(stamp():sub(1, 16)) -- expect: 2031-05-06T07:08
  world.server:clock { step = "-1 h", drift_ppm = 10 }
  print(stamp():sub(1, 16)) -- expect: 2031-05-06T06:08
  world.server:clock { slew_ppm = 500 }
  phone:clock { set = "2025-12-31T00:00:00Z", step = "1 s", zone = "-9 h" }
  print((select(2, pcall(phone.clock, phone, { zone = "25 h" })):gsub("^[^:]*:%d+: ", ""))) -- expect: clock.zone: is less than a day
  print((select(2, pcall(phone.clock, phone, { slew_ppm = 1000001 })):gsub("^[^:]*:%d+: ", ""))) -- expect: clock.slew_ppm: is at most 1000000
  print((select(2, pcall(phone.clock, phone, { set = "yesterday" })):gsub("^[^:]*:%d+: ", ""))) -- expect: 'yesterday' is not a time like 2026-01-01T00:00:00.000Z
end)
