local sim = require "syncsim"

return sim.story {
  name = "a delete whose answer was lost is sent again, finds nothing, and counts as done",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    phone:pull "todoitem"
    phone:table("todoitem"):delete "a"
    world:link(phone):drop_next { what = "response" }
    phone:push()
    sim.expect(phone:pending()):equals(1)
    sim.expect(phone:push()):has { status = "Complete", completed = 1 }
    local statuses = {}
    for _, request in ipairs(world.server:requests()) do
      if request.method == "delete" then statuses[#statuses + 1] = request.status end
    end
    sim.expect(statuses):equals { 204, 404 }
  end,
}
