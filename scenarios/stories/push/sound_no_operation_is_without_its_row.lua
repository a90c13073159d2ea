local sim = require "syncsim"
local row_is_missing = require "lib.row_is_missing"

return row_is_missing {
  name = "sound: a page is written when it comes, so an edit finds its row or is refused, and no operation is without a row",
  dialect = "sound",
  check = function(_, phone)
    sim.expect(phone:table("todoitem"):lookup "a"):is_nil()
    sim.expect(phone:pending()):equals(0)
    phone:table("todoitem"):insert { id = "c", text = "mine" }
    sim.expect(phone:push()):has { status = "Complete", completed = 1, errors = {} }
  end,
}
