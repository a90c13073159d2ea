local sim = require "syncsim"

-- An insert meets a row that was deleted on the server; the server wins, by the built-in policy and by a function. What is left here?
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect, policy = "server_wins" }
      local tablet = world:client { name = "tablet", dialect = case.dialect, policy = function() return "server" end }
      world.server:table("todoitem"):insert { id = "a", text = "theirs" }
      world.server:table("todoitem"):delete "a"
      for _, device in ipairs { phone, tablet } do
        device:table("todoitem"):insert { id = "a", text = "mine" }
        sim.expect(device:push().completed):equals(1)
        local row = device:table("todoitem"):lookup "a"
        if case.stays then
          sim.expect(row):why(device.name):has { text = "theirs", deleted = true }
        else
          sim.expect(row):why(device.name):is_nil()
        end
      end
    end,
  }
end
