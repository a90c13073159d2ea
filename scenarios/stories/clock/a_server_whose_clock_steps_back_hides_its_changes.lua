local server_steps_back = require "lib.server_steps_back"

-- The stamp of the update lies before the token: updatedAt is the server's clock, and no pull asks for the past.
return server_steps_back {
  name = "mobile-apps: a change after the server's clock stepped back is never pulled",
  dialect = "mobile-apps", expected = "before",
  finds = { { checker = "pull_completeness", row = "a" }, { checker = "convergence", row = "a" } },
}
