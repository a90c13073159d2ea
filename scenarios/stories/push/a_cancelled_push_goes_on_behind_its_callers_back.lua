local cancelled_push = require "lib.cancelled_push"

return cancelled_push {
  name = "mobile-apps: a push that is cancelled ends for its caller at once, while the operation on its way goes on",
  dialect = "mobile-apps", told_after_ms = 500, pending_then = 2,
}
