local sim = require "syncsim"

-- The twin of node_keeps_the_version_that_an_insert_brings.lua.
return sim.story {
  name = "sound: versions are the server's, whatever an insert brings",
  server = { dialect = "sound" },
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local office = world.server:table "todoitem"
    office:insert { id = "a", text = "mine", version = "abc" }
    local first = office:lookup("a").version
    sim.expect(first ~= "abc" and first ~= "YWJj"):is_true()
  end,
}
