local disk_is_full = require "lib.disk_is_full"

return disk_is_full {
  name = "mobile-apps: when the disk is full at the queue entry the row stays, and is never pushed",
  dialect = "mobile-apps", change = 20, left = 1,
  finds = { checker = "convergence", row = "a" },
}
