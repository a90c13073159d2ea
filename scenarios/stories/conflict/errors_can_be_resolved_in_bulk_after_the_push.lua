local sim = require "syncsim"

return sim.story {
  name = "the error list of a push is resolved in bulk: take the server's, discard, or send again next time",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    local back_office = world.server:table "todoitem"
    for _, id in ipairs { "update", "discard", "again" } do back_office:insert { id = id, text = "old" } end
    phone:pull "todoitem"
    for _, id in ipairs { "update", "discard", "again" } do
      back_office:update { id = id, text = "theirs" }
      phone:table("todoitem"):update { id = id, text = "mine" }
    end

    local _, _, _, result = phone:push()
    sim.expect(result.errors):has_length(3)
    for _, problem in ipairs(result.errors) do
      if problem.id == "update" then
        problem:cancel_and_update(problem.server)
      elseif problem.id == "discard" then
        problem:cancel_and_discard()
      else
        problem:update_operation { id = "again", text = "mine", version = problem.server.version }
      end
    end
    sim.expect(phone:table("todoitem"):lookup "update"):has { text = "theirs" }
    sim.expect(phone:table("todoitem"):lookup "discard"):is_nil()
    sim.expect(phone:pending()):equals(1)

    sim.expect(phone:push()):has { status = "Complete", completed = 1 }
    sim.expect(back_office:lookup "again"):has { text = "mine" }
  end,
}
