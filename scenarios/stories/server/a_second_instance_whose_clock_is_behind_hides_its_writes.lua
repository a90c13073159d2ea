local two_instances = require "lib.two_instances"

return two_instances {
  name = "mobile-apps: what a second server instance with a slow clock stamps falls behind tokens",
  dialect = "mobile-apps", pulled = false,
  finds = { { checker = "pull_completeness", row = "b", host = "laptop" }, { checker = "convergence", row = "b", host = "laptop" } },
}
