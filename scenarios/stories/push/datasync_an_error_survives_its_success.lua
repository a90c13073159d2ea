local sim = require "syncsim"

-- The success looks for the errors of its item among the ids of operations, and finds none.
return sim.story {
  name = "datasync: the error of a conflict stays when the row was pushed after all, and every push of its table fails until a restart",
  tables = { todoitem = { text = "string" }, other = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "datasync" }
    local office = world.server:table "todoitem"
    office:insert { id = "a", text = "old" }
    phone:pull "todoitem"
    phone:table("todoitem"):update { id = "a", text = "phone's" }
    office:update { id = "a", text = "office's" }
    sim.fails("push_failed", phone:push())

    phone:table("todoitem"):update { id = "a", text = "merged", version = office:lookup("a").version }
    for _ = 1, 3 do
      local _, _, code, result = phone:push()
      sim.expect(code):equals "push_failed"
      sim.expect(result.errors[1]):has { id = "a", status = 412 }
    end
    sim.expect(office:lookup "a"):why("it was pushed the first time"):has { text = "merged" }
    sim.expect(phone:pending()):equals(0)
    sim.expect(phone:push("other").status):why("of this table only"):equals "Complete"
    phone:restart()
    sim.expect(phone:push().status):equals "Complete"
  end,
}
