local late_commit = require "lib.late_commit"

return late_commit {
  name = "mobile-apps: a row that is committed late, under an older updatedAt, is never pulled",
  dialect = "mobile-apps",
  finds = { { checker = "pull_completeness", row = "slow" }, { checker = "convergence", row = "slow" } },
}
