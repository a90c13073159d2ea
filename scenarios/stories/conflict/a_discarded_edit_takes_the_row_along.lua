local discarded_after_a_failure = require "lib.discarded_after_a_failure"

return discarded_after_a_failure {
  name = "discarding an edit that failed removes the row, and no incremental pull brings it back: nothing changed on the server",
  dialect = "mobile-apps",
  finds = { { checker = "convergence", row = "a" }, { checker = "convergence", row = "b" } },
}
