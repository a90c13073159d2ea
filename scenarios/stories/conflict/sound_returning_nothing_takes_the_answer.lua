local nothing_returned = require "lib.nothing_returned"

return nothing_returned {
  name = "sound: a handler that returns nothing after a success leaves the answer's row, as if there were no handler",
  dialect = "sound", stored = true,
}
