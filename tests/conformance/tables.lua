-- The tables that the recorded cases are about (golden/README.md), as a server of dialect `node` has them. What each option does to
-- a client is what the story tells.
local sim = require "syncsim"

local columns = { text = "string", complete = "boolean", priority = "number" }

return sim.story {
  name = "the options of a table show in its answers",
  tables = {
    todoitem = { columns = columns, soft_delete = true },
    harditem = { columns = columns, soft_delete = false },
    stricttodo = { columns = columns, dynamic_schema = false },
    smallpage = { columns = columns, page_size = 3, max_top = 5 },
    rotodo = { columns = columns, disabled = { "insert", "update", "delete", "undelete" } },
    authtodo = { columns = columns, authorize = true },
  },
  server = { dialect = "node" },
  run = function(world)
    local phone = world:client { name = "phone" }
    for _, name in ipairs { "todoitem", "harditem" } do
      world.server:table(name):insert { id = "milk", text = "milk" }
      world.server:table(name):delete "milk"
    end
    sim.expect(world.server:table("todoitem"):lookup("milk", { include_deleted = true })):has { deleted = true }
    sim.expect(world.server:table("harditem"):lookup("milk", { include_deleted = true })):is_nil()

    for i = 1, 4 do world.server:table("smallpage"):insert { id = "r" .. i } end
    sim.fails("http", phone:pull "smallpage")                              -- 50 rows are asked for: 400
    sim.fails("http", phone:pull { table = "smallpage", page_size = 3 })   -- the link to the second page leads nowhere: 404

    phone:table("rotodo"):insert { id = "milk" }
    local pushed, _, code, result = phone:push "rotodo"
    sim.expect(pushed):is_nil()
    sim.expect(code):equals "push_failed"
    sim.expect(result.errors[1].status):equals(405)
    result.errors[1]:cancel_and_discard()

    sim.fails("auth", phone:pull "authtodo")
  end,
}
