local sim = require "syncsim"

-- 409 from the classic server carries an error document, not the row.
return sim.story {
  name = "mobile-apps: server wins can do nothing about a refused insert: the answer has no row, the error stands, the local row, too",
  tables = { builtin = { text = "string" }, asked = { text = "string" } },
  run = function(world)
    local phone = world:client {
      name = "phone",
      policy = {
        builtin = "server_wins",
        asked = function(conflict)
          sim.expect(conflict.server):is_nil()
          return "server"
        end,
      },
    }
    for _, name in ipairs { "builtin", "asked" } do
      world.server:table(name):insert { id = "a", text = "theirs" }
      phone:table(name):insert { id = "a", text = "mine" }
    end
    local _, _, _, result = phone:push()
    sim.expect(result.errors):has_length(2)
    for _, problem in ipairs(result.errors) do
      sim.expect(problem):has { status = 409 }
      sim.expect(phone:table(problem.table):lookup "a"):has { text = "mine" }
      problem:cancel_and_discard()
    end
  end,
}
