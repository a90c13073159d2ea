local sim = require "syncsim"

-- A first pull sends what matches only, and a pull that had to leave the very first commit out saves no token: the next one is no first one.
return sim.story {
  name = "sound: a row that left the filter is refreshed, though the pull that brought it could save no token",
  tables = { todoitem = { text = "string", complete = "boolean" } },
  server = { dialect = "sound" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound" }
    local open = { table = "todoitem", query_id = "open", where = { complete = false } }
    world.server:table("todoitem"):insert { id = "first", text = "theirs", complete = false }
    world.server:table("todoitem"):insert { id = "b", text = "theirs", complete = false }
    phone:table("todoitem"):insert { id = "first", text = "mine", complete = false }
    phone:pull(open)
    sim.expect(phone:pending()):why("its row is left out"):equals(1)
    sim.expect(phone:table("todoitem"):lookup "b"):has { complete = false }

    world.server:table("todoitem"):update { id = "b", complete = true }
    local _, _, _, result = phone:push()
    result.errors[1]:cancel_and_update(result.errors[1].server)
    phone:pull(open)
    sim.expect(phone:table("todoitem"):lookup "b"):has { complete = true }
    world:settle()
  end,
}
