local sim = require "syncsim"

-- The twin of a_pull_pushes_again_while_edits_keep_arriving.lua.
return sim.story {
  name = "sound: a pull of a dirty table pushes once; edits made meanwhile keep their rows and wait for the next push",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local left, phone = 3, nil
    phone = world:client {
      name = "phone", dialect = "sound",
      on_push_complete = function()
        left = left - 1
        if left >= 0 then phone:table("todoitem"):insert { id = "n" .. left, text = "one more" } end
      end,
    }
    phone:table("todoitem"):insert { id = "first", text = "mine" }
    phone:pull "todoitem"
    local methods = {}
    for _, request in ipairs(world.server:requests()) do methods[#methods + 1] = request.method end
    sim.expect(methods):equals { "insert", "query" }
    sim.expect(phone:pending()):equals(1)
    sim.expect(phone:table("todoitem"):count()):equals(2)
  end,
}
