local nothing_returned = require "lib.nothing_returned"

return nothing_returned {
  name = "mobile-apps: a handler that returns nothing after a success leaves the old version, and the next edit conflicts with its own write",
  dialect = "mobile-apps", stored = false,
}
