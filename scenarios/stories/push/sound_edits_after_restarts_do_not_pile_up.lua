local sim = require "syncsim"

-- After a restart nobody knows whether what waits was sent: the oldest operation of a row may have been, and is left as it is. Those behind
-- it were not, and take later edits in.
return sim.story {
  name = "sound: a row that is edited after each of ten restarts has two operations in the queue",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", policy = "client_wins" }
    local todo = phone:table "todoitem"
    phone:offline()
    todo:insert { id = "a", text = "new" }
    for i = 1, 10 do
      phone:crash()
      phone:restart()
      todo:update { id = "a", text = "edit " .. i }
    end
    sim.expect(phone:pending()):equals(2)
    phone:online()
    phone:push()
    world:settle()
    sim.expect(world.server:table("todoitem"):lookup("a").text):equals "edit 10"
  end,
}
