local sim = require "syncsim"

return sim.story {
  name = "a push that is not complete before a pull is, which waits for the push: neither ends",
  tables = { todoitem = { text = "string" } },
  finds = { checker = "stuck", host = "phone" },
  run = function(world)
    local phone
    phone = world:client { name = "phone", on_push_complete = function() phone:pull "todoitem" end }
    phone:table("todoitem"):insert { id = "a", text = "mine" }
    phone:push()
    sim.expect(true):why("not reached"):is_false()
  end,
}
