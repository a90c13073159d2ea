local sim = require "syncsim"

return sim.story {
  name = "sound: whatever a loss of power takes, edits that were acknowledged are there afterwards",
  tables = { note = { text = "string" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", store = "sqlite", power_loss = true }
    local count = 0
    for index, power in ipairs { "all", "later", "earlier", "some", "torn", "content", "names" } do
      for change = index % 3, 44, 3 do
        count = count + 1
        local id = power .. change
        if change > 0 then phone:crash_at { change = change, power = power } end
        local row, _, code = phone:table("note"):insert { id = id, text = "mine" }
        if row then phone:crash { power = power } else sim.expect(code):equals "crashed" end
        phone:start()
        if row then sim.expect(phone:table("note"):lookup(id)):has { text = "mine" } end
        sim.expect(phone:pending()):equals(phone:table("note"):count())
      end
    end
    sim.expect(phone:table("note"):count()):at_least(count // 10)
    world:settle()
    sim.expect(world.server:table("note"):count()):equals(phone:table("note"):count())
  end,
}
