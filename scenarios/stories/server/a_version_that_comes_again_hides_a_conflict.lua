local version_again = require "lib.version_again"

-- S-NODE counts the writes of each row: after a restore the count goes the same way again (protocol.md 2.1).
return version_again {
  name = "mobile-apps: after a restore of the server a version comes again, and an edit overwrites one that nobody saw",
  dialect = "mobile-apps", server = "node", lost = 1, expected = "phone's",
}
