local sync_in_a_handler = require "lib.sync_in_a_handler"

return sync_in_a_handler {
  name = "mobile-apps: a handler that pulls waits for its own push, which waits for it: neither ends",
  dialect = "mobile-apps",
  finds = { checker = "stuck", host = "phone" },
}
