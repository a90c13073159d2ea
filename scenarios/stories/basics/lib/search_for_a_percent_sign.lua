local sim = require "syncsim"

-- Three texts; the search is for a part with a percent sign in it, and for one in other letters.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      local todo = phone:table "todoitem"
      todo:insert { id = "a", text = "100% cotton" }
      todo:insert { id = "b", text = "100 bags of cotton" }
      todo:insert { id = "c", text = "MILK" }
      local function ids(where)
        local out = {}
        for _, row in ipairs(todo:read { where = where, order = "text" }) do out[#out + 1] = row.id end
        table.sort(out)
        return out
      end
      sim.expect(ids { text = { contains = "100% c" } }):equals(case.percent)
      sim.expect(ids { text = { starts_with = "100_" } }):equals(case.underscore)
      sim.expect(ids { text = { ends_with = "milk" } }):equals(case.case)
      sim.expect(ids { ["not"] = { text = { contains = "100% c" } } }):has_length(3 - #case.percent)
    end,
  }
end
