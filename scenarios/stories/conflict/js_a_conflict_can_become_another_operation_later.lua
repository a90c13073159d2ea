-- The conflicts that the JavaScript client's push returns keep their methods: an insert of what is there already can be made an
-- update, and a delete can be made an insert of another row, both for the next push (protocol.md 6.6).
local sim = require "syncsim"

return sim.story {
  name = "a conflict can become another operation later (mobile-apps-js)",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "mobile-apps-js" }
    local classic = world:client { name = "classic", dialect = "mobile-apps" }
    local list, server = phone:table "todoitem", world.server:table "todoitem"
    server:insert { id = "a", text = "theirs" }
    server:insert { id = "b", text = "theirs" }
    phone:pull { table = "todoitem", where = { id = "b" } }
    server:update { id = "b", text = "changed" }
    list:insert { id = "a", text = "mine" }
    list:delete "b"

    local result = phone:push()
    sim.expect(#result.errors):equals(2)
    sim.fails("invalid", result.errors[2]:change_action "update")      -- with which row?
    result.errors[1]:change_action "update"
    result.errors[2]:change_action("update", { id = "b", text = "back again", version = result.errors[2].server.version })
    phone:push()
    sim.expect(phone:pending()):equals(0)
    sim.expect(server:lookup "a"):has { text = "mine" }
    sim.expect(server:lookup "b"):has { text = "back again" }

    classic:table("todoitem"):insert { id = "a", text = "again" }
    local _, _, _, failed = classic:push()
    sim.fails("invalid", failed.errors[1]:cancel())                    -- the classic client has no such method
    failed.errors[1]:cancel_and_discard()
  end,
}
