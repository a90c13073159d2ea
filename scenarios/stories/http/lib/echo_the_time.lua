local sim = require "syncsim"

-- A cache asks again with the Last-Modified that it was given. The row's time is a whole second, so nothing is cut from it.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    server = { dialect = case.server, clock = { resolution = "1 s" } },
    run = function(world)
      local function get(headers)
        headers["ZUMO-API-VERSION"] = "3.0.0"
        return world.server:http { method = "GET", path = "/tables/todoitem/a", headers = headers }
      end
      world.server:table("todoitem"):insert { id = "a", text = "milk" }
      local time = get({}).headers["last-modified"]
      sim.expect(time):matches "^%a+, %d+ %a+ %d+ %d+:%d+:%d+ GMT$"
      sim.expect(get({ ["If-Unmodified-Since"] = time }).status):equals(case.unmodified)
      sim.expect(get({ ["If-Modified-Since"] = time }).status):equals(case.modified)
    end,
  }
end
