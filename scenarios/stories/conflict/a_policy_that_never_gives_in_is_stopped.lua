local sim = require "syncsim"

-- Nothing turns an insert into an update here, so sending it again conflicts again.
return sim.story {
  name = "mobile-apps: a policy that says client wins to a refused insert is asked ten times, then the error stands",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local asked = 0
    local phone = world:client {
      name = "phone",
      policy = function()
        asked = asked + 1
        return "client"
      end,
    }
    world.server:table("todoitem"):insert { id = "a", text = "theirs" }
    phone:table("todoitem"):insert { id = "a", text = "mine" }
    local _, _, code, result = phone:push()
    sim.expect(code):equals "push_failed"
    sim.expect(result.errors[1]):has { id = "a", status = 409 }
    sim.expect(asked):equals(10)
  end,
}
