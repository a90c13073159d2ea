local sim = require "syncsim"

-- Its change is behind the horizon of the last page, so the token passes it: no later pull would bring it.
return sim.story {
  name = "sound: a row that leaves the filter between two pages of a first pull is sent again with the second",
  tables = { todoitem = { text = "string", complete = "boolean" } },
  server = { dialect = "sound", page_size = 2 },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "sound", latency = "1 s" }
    local back_office = world.server:table "todoitem"
    for _, id in ipairs { "a", "b", "c" } do back_office:insert { id = id, text = "row", complete = false } end
    local open = { table = "todoitem", query_id = "open", where = { complete = false } }
    local pull = world:spawn(function() return phone:pull(open) end)
    world:eventually(function() return phone:table("todoitem"):count() == 2 end, "1 min")
    back_office:update { id = "a", complete = true }
    pull:join()
    phone:pull(open)
    sim.expect(phone:table("todoitem"):lookup "a"):has { complete = true }
    sim.expect(phone:table("todoitem"):count()):equals(3)
    world:settle()
  end,
}
