local sim = require "syncsim"
local scene = require "lib.two_devices"

return sim.story {
  name = "a handler that aborts the push keeps every operation; the status is CancelledByOperation; all are sent next time",
  tables = scene.tables,
  run = function(world)
    local abort = true
    local phone = scene.meet(world, {
      handler = function(op)
        local row, problem = op:execute()
        if not row and abort then op:abort() end
        return row or problem.server
      end,
    })
    phone:table("todoitem"):insert { id = "bread", text = "bread", complete = false }
    local _, _, code, result = phone:push()
    sim.expect(code):equals "push_failed"
    sim.expect(result):has { status = "CancelledByOperation", completed = 0 }
    sim.expect(result.errors):has_length(0)
    sim.expect(phone:pending()):equals(2)

    abort = false
    sim.expect(phone:push()):has { status = "Complete", completed = 2 }
    sim.expect(world.server:table("todoitem"):count()):equals(2)
  end,
}
