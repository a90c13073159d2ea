local sim = require "syncsim"

return sim.story {
  name = "the queue is played back in order across tables, so that relations hold",
  tables = { list = { title = "string" }, item = { list_id = "string", text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:offline()
    phone:table("list"):insert { id = "l1", title = "groceries" }
    phone:table("item"):insert { id = "i1", list_id = "l1", text = "milk" }
    phone:table("list"):insert { id = "l2", title = "tools" }
    phone:table("item"):insert { id = "i2", list_id = "l2", text = "saw" }
    phone:online()
    phone:push()

    local order = {}
    for _, request in ipairs(world.server:requests()) do order[#order + 1] = request.table end
    sim.expect(order):equals { "list", "item", "list", "item" }
  end,
}
