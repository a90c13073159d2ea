local sim = require "syncsim"

return sim.story {
  name = "edits of one row collapse: the insert takes the update, insert and delete vanish, update and delete become a delete at the end",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    local todo = phone:table "todoitem"
    for _, id in ipairs { "a", "b", "c" } do world.server:table("todoitem"):insert { id = id, text = "old" } end
    phone:pull "todoitem"

    todo:insert { id = "new", text = "one" }
    todo:update { id = "new", text = "two" }
    todo:insert { id = "gone", text = "short-lived" }
    todo:delete "gone"
    todo:update { id = "a", text = "changed" }
    todo:update { id = "a", text = "changed again" }
    todo:update { id = "b", text = "changed" }
    todo:delete "a"
    sim.fails("state", todo:insert { id = "a", text = "again" })

    local queue = {}
    for _, op in ipairs(phone:queue()) do queue[#queue + 1] = op.kind .. " " .. op.id end
    sim.expect(queue):equals { "insert new", "update b", "delete a" }
    sim.expect(phone:queue()[3]):why("a new operation that was collapsed once"):has { version = 2 }
    phone:push()
    sim.expect(world.server:table("todoitem"):lookup "new"):has { text = "two" }
    sim.expect(world.server:table("todoitem"):lookup "a"):is_nil()
  end,
}
