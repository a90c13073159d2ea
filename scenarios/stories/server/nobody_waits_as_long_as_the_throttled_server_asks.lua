local sim = require "syncsim"

-- No client reads Retry-After (protocol.md, appendix D): the push goes on with the next operation at once, which is turned away as well.
return sim.story {
  name = "a throttled push runs on into 429 after 429, without a pause",
  tables = { todoitem = { text = "string" } },
  dialects = { "mobile-apps", "datasync", "toolkit" },
  run = function(world)
    local phone = world:client { name = "phone" }
    for i = 1, 6 do phone:table("todoitem"):insert { id = "row" .. i, text = "mine" } end
    world.server:throttle { requests = 2, per = "1 min" }
    phone:push()
    local statuses = {}
    for i, request in ipairs(world.server:requests()) do statuses[i] = request.status end
    sim.expect(statuses):equals { 201, 201, 429, 429, 429, 429 }
    sim.expect(world:now_ns() < 1000000000):equals(true)
    world:settle()
    sim.expect(world.server:table("todoitem"):count()):equals(6)
  end,
}
