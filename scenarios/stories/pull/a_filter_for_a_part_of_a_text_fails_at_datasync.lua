local sim = require "syncsim"

-- The classic clients say substringof, and the translation of version 2 leaves that as it is.
return sim.story {
  name = "mobile-apps against a datasync server: a pull that filters by a part of a text is refused",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "datasync" },
  run = function(world)
    local phone = world:client { name = "phone" }
    world.server:table("todoitem"):insert { id = "a", text = "oat milk" }
    sim.fails("http", phone:pull { table = "todoitem", query_id = "milk", where = { text = { contains = "milk" } } })
    sim.expect(world.server:requests()[1].status):equals(400)
    phone:pull { table = "todoitem", query_id = "oats", where = { text = { starts_with = "oat" } } }
    sim.expect(phone:table("todoitem"):count()):why("other functions are understood"):equals(1)
  end,
}
