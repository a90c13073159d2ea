local many_tombstones = require "lib.many_tombstones"

return many_tombstones {
  name = "mobile-apps: a page with a thousand tombstones has too many parameters for one statement, and every pull fails on it",
  dialect = "mobile-apps", fails = true,
}
