local sim = require "syncsim"

return sim.story {
  name = "a pull on a table with pending operations pushes them first",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    world.server:table("todoitem"):insert { id = "theirs", text = "from the server" }
    phone:table("todoitem"):insert { id = "mine", text = "from the phone" }
    phone:pull "todoitem"

    sim.expect(phone:pending()):equals(0)
    sim.expect(world.server:table("todoitem"):lookup "mine"):has { text = "from the phone" }
    sim.expect(phone:table("todoitem"):count()):equals(2)
    local requests = world.server:requests()
    sim.expect(requests[1]):has { method = "insert", id = "mine" }
    sim.expect(requests[2]):has { method = "query" }
  end,
}
