local sim = require "syncsim"

-- The twin of datasync_an_error_survives_its_success.lua.
return sim.story {
  name = "sound: when the operation of an error was pushed after all, the error is gone with it",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound" }
    local office = world.server:table "todoitem"
    office:insert { id = "a", text = "old" }
    phone:pull "todoitem"
    phone:table("todoitem"):update { id = "a", text = "phone's" }
    office:update { id = "a", text = "office's" }
    local _, _, _, result = phone:push()
    result.errors[1]:update_operation { id = "a", text = "merged", version = result.errors[1].server.version }
    for completed = 1, 0, -1 do sim.expect(phone:push()):has { status = "Complete", completed = completed, errors = {} } end
    sim.expect(office:lookup "a"):has { text = "merged" }
  end,
}
