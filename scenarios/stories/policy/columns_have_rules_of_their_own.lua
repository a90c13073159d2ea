local sim = require "syncsim"

-- Both sell from one stock, tag one article, and write to its log; the tablet pushes first.
return sim.story {
  name = "a merge counts what both sold, joins their tags, and keeps price and currency together",
  dialects = { "sound" },
  tables = { article = { stock = "integer", tags = "string", log = "string", price = "integer", currency = "string" } },
  run = function(world)
    local policy = {
      "field_merge",
      columns = { stock = "counter", tags = "or_set", log = "append_log" },
      groups = { { "price", "currency" } },
    }
    local tablet = world:client { name = "tablet", policy = { article = policy } }
    local phone = world:client { name = "phone", policy = policy }
    world.server:table("article"):insert { id = "a", stock = 10, tags = '["old","red"]', log = "[]", price = 5, currency = "EUR" }
    for _, device in ipairs { tablet, phone } do device:pull { table = "article", query_id = "all" } end
    tablet:table("article"):update { id = "a", stock = 7, tags = '["red","new"]', log = '[{"id":1,"at":20}]', price = 6 }
    world:sleep "1 s"
    phone:table("article"):update { id = "a", stock = 7, tags = '["old","red","big"]', log = '[{"id":2,"at":10}]', price = 7, currency = "USD" }
    tablet:push()
    phone:push()
    sim.expect(world.server:table("article"):lookup "a"):has {
      stock = 4, tags = '["big","new","red"]', log = '[{"id":2,"at":10},{"id":1,"at":20}]', price = 7, currency = "USD",
    }
  end,
}
