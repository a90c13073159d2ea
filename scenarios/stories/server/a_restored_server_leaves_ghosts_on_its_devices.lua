local restored = require "lib.restored"

-- Nothing in the protocol says that the history is another one: the token lies in a future that was lost.
return restored {
  name = "mobile-apps: after a restore of the server devices keep what the server does not have any more",
  dialect = "mobile-apps", keeps_lost = true,
  finds = { { checker = "convergence", row = "a" }, { checker = "convergence", row = "lost" } },
}
