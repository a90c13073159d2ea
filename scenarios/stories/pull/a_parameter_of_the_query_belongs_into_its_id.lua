local sim = require "syncsim"

return sim.story {
  name = "two filters under one query id share a token, so the second misses older rows; a parameter in the id cures it",
  tables = { todoitem = { text = "string", owner = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    local back_office = world.server:table "todoitem"
    back_office:insert { id = "b1", text = "older", owner = "bob" }
    world:sleep "1 s"
    back_office:insert { id = "a1", text = "newer", owner = "ann" }

    phone:pull { table = "todoitem", query_id = "mine", where = { owner = "ann" } }
    phone:pull { table = "todoitem", query_id = "mine", where = { owner = "bob" } }
    sim.expect(phone:table("todoitem"):lookup "b1"):why("behind the token of ann's pull"):is_nil()

    phone:pull { table = "todoitem", query_id = "mine-bob", where = { owner = "bob" } }
    sim.expect(phone:table("todoitem"):lookup "b1"):has { text = "older" }
  end,
}
