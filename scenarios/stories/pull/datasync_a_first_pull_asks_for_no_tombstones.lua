local purge_before_the_first_token = require "lib.purge_before_the_first_token"

return purge_before_the_first_token {
  name = "datasync: a pull without a token asks for no tombstones, so a row that a purge has kept is never deleted here",
  dialect = "datasync",
  finds = { { checker = "pull_completeness", row = "kept" }, { checker = "convergence", row = "kept" } },
}
