local queue_fails = require "lib.queue_fails"

return queue_fails {
  name = "mobile-apps-ios: when the operation can't be queued the local row stays changed, and nobody will send it",
  dialect = "mobile-apps-ios", text = "phone's",
  finds = { checker = "convergence", row = "a" },
}
