local sim = require "syncsim"

return sim.story {
  name = "a pull of a clean table leaves the pending operations of other tables where they are",
  tables = { todoitem = { text = "string" }, draft = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:table("draft"):insert { id = "d", text = "not yet" }
    phone:pull "todoitem"
    sim.expect(phone:pending "draft"):equals(1)
    for _, request in ipairs(world.server:requests()) do sim.expect(request.method):equals "query" end
  end,
}
