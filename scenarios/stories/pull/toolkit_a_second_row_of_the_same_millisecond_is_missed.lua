local same_moment = require "lib.same_moment"

return same_moment {
  name = "toolkit: `gt` passes over a row that is stamped in the millisecond of the token after the pull; at rest it fetches nothing",
  dialect = "toolkit", server = "toolkit", rests = 0,
  finds = { { checker = "pull_completeness", row = "b" }, { checker = "convergence", row = "b" } },
}
