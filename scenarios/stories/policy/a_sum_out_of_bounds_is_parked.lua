local sim = require "syncsim"

return sim.story {
  name = "two sales that together exceed the stock are not both booked: the later one is parked",
  dialects = { "sound" },
  tables = { article = { stock = "integer" } },
  run = function(world)
    local policy = { "field_merge", columns = { stock = { "sum_bounded", low = 0, high = 1000 } } }
    local tablet = world:client { name = "tablet", policy = policy }
    local phone = world:client { name = "phone", policy = policy }
    world.server:table("article"):insert { id = "a", stock = 5 }
    for _, device in ipairs { tablet, phone } do device:pull { table = "article", query_id = "all" } end
    tablet:table("article"):update { id = "a", stock = 2 }
    phone:table("article"):update { id = "a", stock = 1 }
    tablet:push()
    phone:push()
    sim.expect(world.server:table("article"):lookup "a"):has { stock = 2 }
    sim.expect(phone:inbox()[1]):has { state = "parked", reason = "the sum is out of bounds" }
    phone:inbox()[1]:dismiss()
    sim.expect(phone:inbox()):has_length(0)
    world:settle()
  end,
}
