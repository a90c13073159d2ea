local sim = require "syncsim"

return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { columns = { text = "string" }, soft_delete = true } },
    server = { dialect = case.server },
    run = function(world)
      local office = world.server:table "todoitem"
      for _, id in ipairs { "a", "b" } do office:insert { id = id, text = "milk" } end
      office:delete "b"
      local function rows(option)
        local answer = world.server:http { method = "GET", path = "/tables/todoitem?" .. option,
          headers = { ["ZUMO-API-VERSION"] = case.version } }
        sim.expect(answer.status):equals(200)
        return select(2, answer.body:gsub('"text"', ""))
      end
      sim.expect(rows "__includeDeleted=true"):equals(2)
      sim.expect(rows "__includeDeleted=false"):equals(case.off)
      sim.expect(rows "__includedeleted=true"):equals(case.lower)
    end,
  }
end
