local sim = require "syncsim"
local row_is_missing = require "lib.row_is_missing"

return row_is_missing {
  name = "datasync: the error of an operation without a row has no item, and the next success of its table breaks on it",
  finds = { checker = "read_your_writes", row = "a" },
  dialect = "datasync", interval = 10,
  check = function(_, phone)
    sim.expect(phone:table("todoitem"):lookup "a"):is_nil()
    sim.expect(phone:pending()):equals(1)
    local _, _, code, result = phone:push()
    sim.expect(code):equals "push_failed"
    sim.expect(result.errors):has_length(1)

    phone:table("todoitem"):insert { id = "c", text = "mine" }
    _, _, code, result = phone:push()
    sim.expect(code):equals "push_failed"
    sim.expect(result.completed):equals(1)
  end,
}
