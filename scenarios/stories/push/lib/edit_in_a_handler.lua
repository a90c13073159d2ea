local sim = require "syncsim"

-- A handler of the push edits, by its sync table, the very row that is being pushed.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    server = { dialect = case.server },
    finds = case.finds,
    run = function(world)
      local phone, edited
      phone = world:client {
        name = "phone", dialect = case.dialect,
        handler = function(op)
          if not edited then
            edited = true
            phone:table("todoitem"):update { id = op.id, text = "the handler's" }
          end
          return op:execute() or op:fail()
        end,
      }
      phone:table("todoitem"):insert { id = "a", text = "mine" }
      phone:push()
      sim.expect(phone:table("todoitem"):lookup "a"):has { text = "the handler's" }
      sim.expect(world.server:table("todoitem"):lookup "a"):has { text = "the handler's" }
    end,
  }
end
