-- Two machines serve one database; the second one's clock is two seconds behind. The tablet, which is served by it, writes right after
-- the phone wrote and the laptop pulled.
local sim = require "syncsim"

return function(options)
  return sim.story {
    name = options.name,
    tables = { note = { text = "string" } },
    server = { dialect = options.server, instances = { { offset = "-2 s" }, { offset = "0 s" } } },
    finds = options.finds,
    run = function(world)
      local tablet = world:client { name = "tablet", dialect = options.dialect }
      local phone = world:client { name = "phone", dialect = options.dialect }
      local laptop = world:client { name = "laptop", dialect = options.dialect }
      world:sleep "10 s"
      phone:table("note"):insert { id = "a", text = "phone's" }
      phone:push()
      laptop:pull { table = "note", query_id = "all" }
      tablet:table("note"):insert { id = "b", text = "tablet's" }
      tablet:push()
      laptop:pull { table = "note", query_id = "all" }
      sim.expect(laptop:table("note"):lookup "b" ~= nil):equals(options.pulled)
      world:settle()
    end,
  }
end
