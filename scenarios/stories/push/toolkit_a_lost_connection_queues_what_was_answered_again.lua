local sim = require "syncsim"

-- The exception skips the save at the end of the push; the entities that answers have changed count as edits to the next save.
return sim.story {
  name = "toolkit: when the connection breaks during a push, rows that were pushed already are pushed again, as replacements",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "toolkit" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "toolkit", latency = "1 s" }
    phone:table("todoitem"):insert { id = "a", text = "first" }
    phone:table("todoitem"):insert { id = "b", text = "second" }
    local push = world:spawn(function() return phone:push() end)
    world:sleep "1500 ms"
    world:link(phone):drop_next { what = "request" }
    local result, _, code = push:join()
    sim.expect(result):why("the exception leaves push()"):is_nil()
    sim.expect(code):equals "timeout"

    sim.expect(phone:queue()[1]):has { kind = "insert", id = "b" }
    sim.expect(phone:queue()[2]):has { kind = "update", id = "a" }
    local before = #world.server:requests()
    sim.expect(phone:push().completed):equals(2)
    sim.expect(world.server:requests()[before + 2]):has { method = "replace", id = "a", status = 200 }
  end,
}
