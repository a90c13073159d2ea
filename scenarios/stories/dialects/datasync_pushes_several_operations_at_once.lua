local sim = require "syncsim"

-- Twelve operations, eight at once, on a server with eight workers that takes 1 s for each: two rounds. The first eight of the
-- queue leave together; the others when somebody is free.
return sim.story {
  name = "datasync and toolkit: eight operations of a push are under way at once",
  tables = { todoitem = { text = "string" } },
  server = { workers = 8, service = "1 s" },
  dialects = { "datasync", "toolkit-9.0.0", "toolkit-9.0.4", "toolkit" },
  run = function(world)
    local phone = world:client { name = "phone", parallel = 8, latency = "0 s" }
    local todo = phone:table "todoitem"
    for i = 1, 12 do todo:insert { id = string.format("row%02d", i), text = "x" } end
    local begun = world:now_ns()
    phone:push()
    sim.expect(world:now_ns() - begun):equals(2000000000)
    for i, one in ipairs(phone:traffic()) do
      sim.expect(one.id):equals(string.format("row%02d", i))
      sim.expect(one.sent_ns - begun):equals(i <= 8 and 0 or 1000000000)
    end
    sim.expect(world.server:table("todoitem"):count()):equals(12)
  end,
}
