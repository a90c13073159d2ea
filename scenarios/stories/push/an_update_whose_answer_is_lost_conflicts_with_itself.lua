local sim = require "syncsim"

return sim.story {
  name = "an update whose answer was lost conflicts with its own write, and client wins settles it",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", policy = "client_wins" }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    phone:pull "todoitem"
    phone:table("todoitem"):update { id = "a", text = "new" }
    world:link(phone):drop_next { what = "response" }
    phone:push()
    sim.expect(phone:push().status):equals "Complete"

    local statuses = {}
    for _, request in ipairs(world.server:requests()) do
      if request.method == "update" then statuses[#statuses + 1] = request.status end
    end
    sim.expect(statuses):equals { 200, 412, 200 }
    sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "new" }
  end,
}
