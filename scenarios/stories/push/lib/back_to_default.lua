local sim = require "syncsim"

-- In the app's class `reminds` is true and `level` 3 in a new object. The user switches the reminder off and sets the level to 0:
-- the default values of the types.
return function(case)
  return sim.story {
    name = case.name,
    finds = case.finds,
    tables = {
      todoitem = {
        columns = { text = "string", note = "string", reminds = "boolean", level = "integer" },
        defaults = { reminds = true, level = 3, note = "none" },
      },
    },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      phone:table("todoitem"):insert { id = "a", text = "mine", note = "ring", reminds = true, level = 1 }
      phone:push()
      phone:table("todoitem"):update { id = "a", note = sim.null, reminds = false, level = 0 }
      sim.expect(phone:push()):has { completed = 1, errors = {} }
      sim.expect(phone:traffic()[2].row):equals(case.sent)
      sim.expect(world.server:table("todoitem"):lookup "a"):has(case.kept)
      sim.expect(phone:table("todoitem"):lookup "a"):has(case.kept)
    end,
  }
end
