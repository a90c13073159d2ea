local sim = require "syncsim"

-- One insert, committed by the server, its answer lost; then everything heals.
return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string" } },
    server = { dialect = case.dialect == "sound" and "sound" or "netfx" },
    finds = case.finds,
    run = function(world)
      local phone = world:client { name = "phone", dialect = case.dialect }
      phone:table("todoitem"):insert { id = "milk", text = "buy milk" }
      world:link(phone):drop_next { what = "response" }

      local _, _, code, result = phone:push()
      sim.expect(code):equals "push_failed"
      sim.expect(result.status):equals "CancelledByNetworkError"
      sim.expect(world:now_ns()):why("the time-out of the SDKs' HTTP stack"):at_least(100 * 1000000000)
      sim.expect(world.server:table("todoitem"):count()):equals(1)

      if case.finds then
        local _, _, _, again = phone:push()
        sim.expect(again.errors[1]):has { id = "milk", status = 409 }
        sim.expect(again.errors[1].server):is_nil()
      end
      world:settle()
      sim.expect(phone:pending()):equals(case.finds and 1 or 0)
    end,
  }
end
