-- The phone is away for twenty days. Meanwhile a row that it holds is deleted, and the server cleans its tombstones after ten.
local sim = require "syncsim"

return function(options)
  return sim.story {
    name = options.name,
    tables = { note = { columns = { text = "string" }, soft_delete = true } },
    server = { dialect = options.server },
    finds = options.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = options.dialect }
      local side = world.server:table("note")
      for _, id in ipairs { "a", "b" } do side:insert { id = id, text = "old" } end
      phone:pull { table = "note", query_id = "all" }
      phone:offline()
      side:delete "a"
      world:sleep "20 d"
      sim.expect(world.server:clean_tombstones { older = "10 d" }):equals(1)
      side:update { id = "b", text = "new" }
      phone:online()
      phone:pull { table = "note", query_id = "all" }
      sim.expect(phone:table("note"):count()):equals(options.rows)
      sim.expect(phone:table("note"):lookup "b"):has { text = "new" }
      world:settle()
    end,
  }
end
