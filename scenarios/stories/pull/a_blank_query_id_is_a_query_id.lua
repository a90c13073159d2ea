local sim = require "syncsim"

-- The message speaks of fewer than 255 characters and of no blanks; the check does not.
return sim.story {
  name = "a query id of one blank, or of 255 characters, is accepted and makes the pull incremental; 256 are refused",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    world.server:table("todoitem"):insert { id = "a", text = "row" }
    for _, id in ipairs { " ", string.rep("ö", 255) } do
      phone:pull { table = "todoitem", query_id = id }
      local before = #world.server:requests()
      phone:pull { table = "todoitem", query_id = id }
      sim.expect(world.server:requests()[before + 1].query):contains "updatedAt ge 2026-"
    end
    sim.fails("invalid", phone:pull { table = "todoitem", query_id = string.rep("ö", 256) })
    local before = #world.server:requests()
    phone:pull { table = "todoitem", query_id = "" }
    sim.expect(world.server:requests()[before + 1].query:find("updatedAt", 1, true)):why("an empty one is none"):is_nil()
  end,
}
