local server_steps_back = require "lib.server_steps_back"

return server_steps_back {
  name = "toolkit: a change after the server's clock stepped back is never pulled",
  dialect = "toolkit", expected = "before",
  finds = { { checker = "pull_completeness", row = "a" }, { checker = "convergence", row = "a" } },
}
