local crash_in_a_purge = require "lib.crash_in_a_purge"

return crash_in_a_purge {
  name = "mobile-apps-js: a purge is done in steps, and a crash between them leaves rows whose operations are gone",
  dialect = "mobile-apps-js", torn = 1,
  finds = { checker = "durability", row = "a" },
}
