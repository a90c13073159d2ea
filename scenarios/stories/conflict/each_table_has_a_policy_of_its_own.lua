local sim = require "syncsim"

return sim.story {
  name = "client wins, server wins and latest wins side by side, one for each table",
  tables = { ours = { text = "string" }, theirs = { text = "string" }, latest = { text = "string" } },
  run = function(world)
    local phone = world:client {
      name = "phone", policy = { ours = "client_wins", theirs = "server_wins", latest = "latest_wins" },
    }
    local names = { "ours", "theirs", "latest" }
    for _, name in ipairs(names) do
      for _, id in ipairs { "a", "b" } do world.server:table(name):insert { id = id, text = "old" } end
      phone:pull(name)
    end
    -- a: the phone edits last; b: the server does.
    world:sleep "1 min"
    for _, name in ipairs(names) do world.server:table(name):update { id = "a", text = "server's" } end
    world:sleep "1 min"
    for _, name in ipairs(names) do
      for _, id in ipairs { "a", "b" } do phone:table(name):update { id = id, text = "phone's" } end
    end
    world:sleep "1 min"
    for _, name in ipairs(names) do world.server:table(name):update { id = "b", text = "server's" } end
    sim.expect(phone:push().status):equals "Complete"

    local function texts(name)
      return { world.server:table(name):lookup("a").text, world.server:table(name):lookup("b").text }
    end
    sim.expect(texts "ours"):equals { "phone's", "phone's" }
    sim.expect(texts "theirs"):equals { "server's", "server's" }
    sim.expect(texts "latest"):equals { "phone's", "server's" }
    sim.expect(phone:table("latest"):lookup "b"):has { text = "server's" }
  end,
}
