local sim = require "syncsim"

return sim.story {
  name = "mobile-apps: when a delete meets a newer row, returning the server's item writes nothing; the error's update does",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local keep
    local phone = world:client {
      name = "phone",
      handler = function(op)
        local row, problem = op:execute()
        if row or not problem or keep then return row or (problem and op:fail()) end
        return problem.server
      end,
    }
    local function delete_a_changed_row()
      phone:pull "todoitem"
      world.server:table("todoitem"):update { id = "a", text = "changed" }
      phone:table("todoitem"):delete "a"
      return phone:push()
    end
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    sim.expect(delete_a_changed_row().status):equals "Complete"
    sim.expect(phone:table("todoitem"):lookup "a"):why("nothing was written"):is_nil()

    keep = true
    local _, _, _, result = delete_a_changed_row()
    result.errors[1]:cancel_and_update(result.errors[1].server)
    sim.expect(phone:table("todoitem"):lookup "a"):has { text = "changed" }
  end,
}
