-- The phone has a row in a version that the restored server lost. A write there gives the next version of the old count; then the phone,
-- which has seen nothing of it, sends an edit of what it knows.
local sim = require "syncsim"

return function(options)
  return sim.story {
    name = options.name,
    tables = { note = { text = "string" } },
    server = { dialect = options.server },
    run = function(world)
      local phone = world:client { name = "phone", dialect = options.dialect }
      local side = world.server:table("note")
      side:insert { id = "a", text = "yesterday" }
      local backup = world.server:backup()
      for _ = 1, options.lost do side:update { id = "a", text = "lost" } end
      phone:pull { table = "note", query_id = "all" }
      world.server:restore(backup)
      side:update { id = "a", text = "written after the restore" }
      phone:table("note"):update { id = "a", text = "phone's" }
      local result = phone:push()
      local text = world.server:table("note"):lookup("a").text
      sim.expect(text):equals(options.expected)
      if options.conflicts then sim.expect(result):equals(nil) end
    end,
  }
end
