local sim = require "syncsim"

return sim.story {
  name = "a pull with a query id fetches what changed since the last one with the same id; the row at the token comes again",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    local back_office = world.server:table "todoitem"
    for i = 1, 5 do
      back_office:insert { id = "r" .. i, text = "first" }
      world:sleep "10 ms"
    end
    local pull = { table = "todoitem", query_id = "all" }
    phone:pull(pull)
    sim.expect(phone:table("todoitem"):count()):equals(5)

    world:sleep "1 s"
    back_office:update { id = "r2", text = "second" }
    local before = #world.server:requests()
    phone:pull(pull)
    local seen = {}
    for i, request in ipairs(world.server:requests()) do
      if i > before then seen[#seen + 1] = request.rows end
    end
    sim.expect(seen):why("r5 at the token and r2; the overlap page; the empty page"):equals { 2, 1, 0 }
    sim.expect(phone:table("todoitem"):lookup "r2"):has { text = "second" }
  end,
}
