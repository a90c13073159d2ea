local sim = require "syncsim"

return sim.story {
  name = "a local store that fails while an operation is marked as attempted ends the push before anything is sent",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:table("todoitem"):insert { id = "a", text = "mine" }
    phone:fail_at { write = 1 }
    local _, _, code, result = phone:push()
    sim.expect(code):equals "push_failed"
    sim.expect(result):has { status = "CancelledBySyncStoreError", completed = 0 }
    sim.expect(result.errors):has_length(0)
    sim.expect(world.server:requests()):has_length(0)
    sim.expect(phone:queue()[1]):has { state = "pending" }
    sim.expect(phone:push().status):equals "Complete"
  end,
}
