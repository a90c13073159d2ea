local torn_write = require "lib.torn_write"

return torn_write {
  name = "mobile-apps: a crash between the row and its queue entry leaves an edit that is never pushed",
  dialect = "mobile-apps",
  finds = { { checker = "durability", row = "a" }, { checker = "convergence", row = "a" } },
}
