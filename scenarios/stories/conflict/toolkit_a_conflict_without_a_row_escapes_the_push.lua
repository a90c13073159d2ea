local sim = require "syncsim"

-- The classic server says 409 without the row; the resolver wants to read one.
return sim.story {
  name = "toolkit: a conflict that carries no row throws out of the push; later operations are not tried",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "netfx" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "toolkit", policy = "client_wins" }
    world.server:table("todoitem"):insert { id = "a", text = "theirs" }
    phone:table("todoitem"):insert { id = "a", text = "mine" }
    phone:table("todoitem"):insert { id = "b", text = "mine" }
    sim.fails("conflict", phone:push())
    sim.expect(world.server:requests()):has_length(1)
    sim.expect(phone:pending()):equals(2)
  end,
}
