local sim = require "syncsim"

-- A handler of the push pulls and pushes before it sends its own operation; the completion pulls as well.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" }, list = { text = "string" } },
    finds = case.finds,
    run = function(world)
      world.server:table("list"):insert { id = "l", text = "theirs" }
      local phone, completions = nil, 0
      phone = world:client {
        name = "phone", dialect = case.dialect,
        handler = function(op)
          if op.id == "a" then
            phone:pull "list"
            phone:push()
          end
          return op:execute() or op:fail()
        end,
        on_push_complete = function()
          completions = completions + 1
          if completions < 3 then phone:pull "todoitem" end
        end,
      }
      phone:table("todoitem"):insert { id = "a", text = "asks first" }
      phone:table("todoitem"):insert { id = "b", text = "goes with the push inside" }
      phone:push()
      sim.expect(phone:pending()):equals(0)
      sim.expect(phone:table("list"):count()):equals(1)
      sim.expect(phone:table("todoitem"):count()):equals(2)
      sim.expect(world.server:table("todoitem"):count()):equals(2)
    end,
  }
end
