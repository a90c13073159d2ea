local sim = require "syncsim"

return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    server = { dialect = case.server },
    run = function(world)
      local office = world.server:table "todoitem"
      local headers = { ["ZUMO-API-VERSION"] = case.version, ["Content-Type"] = "application/json" }
      for id, text in pairs { a = "milk", b = "milk", c = "bread" } do office:insert { id = id, text = text } end

      local patched = world.server:http { method = "PATCH", path = "/tables/todoitem", headers = headers,
        body = '{"id":"c","text":"cake"}' }
      sim.expect { patched.status, office:lookup("c").text }:equals { case.patch, case.patched }

      local deleted = world.server:http { method = "DELETE", path = "/tables/todoitem?$filter=text%20eq%20'milk'", headers = headers }
      sim.expect(deleted.status):equals(case.delete)
      sim.expect(office:count()):equals(case.left)
    end,
  }
end
