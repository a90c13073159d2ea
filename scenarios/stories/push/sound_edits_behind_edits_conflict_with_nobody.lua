local sim = require "syncsim"

-- The first edit may have been sent, before the restart and after it, so that further ones queue behind it, and collapse with each other.
return sim.story {
  name = "sound: three edits of one row, two of them queued behind the first, are pushed without a conflict",
  tables = { todoitem = { text = "string", n = "integer" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", store = "sqlite" }
    local todo = phone:table "todoitem"
    world.server:table("todoitem"):insert { id = "a", text = "zero", n = 0 }
    phone:pull { table = "todoitem", query_id = "all" }
    todo:update { id = "a", text = "one" }
    world:link(phone):drop_next { what = "response" }
    phone:push()
    todo:update { id = "a", n = 2 }
    phone:restart()
    todo:update { id = "a", text = "three" }
    sim.expect(phone:pending()):equals(2)

    sim.expect(phone:push()):has { status = "Complete", completed = 2 }
    sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "three", n = 2 }
    sim.expect(todo:lookup "a"):has { text = "three", n = 2 }
    for _, request in ipairs(world.server:requests()) do sim.expect(request.status):equals(200) end
  end,
}
