local sim = require "syncsim"

-- Version 2 of the protocol: the server cuts the page and names no next one.
return sim.story {
  name = "mobile-apps against a datasync server: there is no link to the next page, so the client goes on by its token, and gets all",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "datasync" },
  run = function(world)
    local phone = world:client { name = "phone" }
    for i = 1, 120 do
      world.server:table("todoitem"):insert { id = "r" .. i, text = "theirs" }
      world:sleep "10 ms"
    end
    phone:pull { table = "todoitem", query_id = "all" }
    sim.expect(phone:table("todoitem"):count()):equals(120)
    local rows = {}
    for _, request in ipairs(world.server:requests()) do
      sim.expect(request.query):matches "top 50"
      rows[#rows + 1] = request.rows
    end
    sim.expect(rows):why("the row at the token comes again on each page"):equals { 50, 50, 22, 1, 0 }
  end,
}
