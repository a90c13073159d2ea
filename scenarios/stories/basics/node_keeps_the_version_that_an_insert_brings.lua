local sim = require "syncsim"

return sim.story {
  name = "node: an insert that says a version gets it, and what is no number begins to count from 1 with the next write",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "node" },
  run = function(world)
    local office = world.server:table "todoitem"
    office:insert { id = "a", text = "mine", version = "abc" }
    sim.expect(office:lookup "a"):has { version = "YWJj" }
    office:update { id = "a", text = "mine again" }
    sim.expect(office:lookup "a"):has { version = "MQ==" }
  end,
}
