local sim = require "syncsim"

-- A page that moved the token starts the next one at it, so the rows of that moment come twice; a page that did not is passed by $skip.
return sim.story {
  name = "an incremental pull of three rows in pages of two takes five requests: page, overlap, skip, overlap, nothing",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    local back_office = world.server:table "todoitem"
    world:sleep "10 s"
    back_office:insert { id = "a", text = "at 10" }
    back_office:insert { id = "b", text = "at 10" }
    world:sleep "10 s"
    back_office:insert { id = "c", text = "at 20" }
    phone:pull { table = "todoitem", query_id = "all", page_size = 2 }

    local asked = {}
    for _, request in ipairs(world.server:requests()) do
      local second, skip = request.query:match ":(%d%d)%.000Z order by updatedAt skip (%d) top 2"
      asked[#asked + 1] = second .. " skip " .. skip .. ": " .. request.rows
    end
    sim.expect(asked):equals { "00 skip 0: 2", "10 skip 0: 2", "10 skip 2: 1", "20 skip 0: 1", "20 skip 1: 0" }
    sim.expect(phone:table("todoitem"):count()):equals(3)
  end,
}
