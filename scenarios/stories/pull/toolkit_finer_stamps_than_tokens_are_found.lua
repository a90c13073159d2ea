local same_moment = require "lib.same_moment"

return same_moment {
  name = "toolkit: where the server stores finer stamps than clients see, `gt` finds the later row, and the last row again at every pull",
  dialect = "toolkit", server = "toolkit", resolution = "100 ns", rests = 1,
}
