local crash_in_a_purge = require "lib.crash_in_a_purge"

return crash_in_a_purge {
  name = "sound: a purge is one transaction: operations and rows go together or not at all",
  dialect = "sound", torn = 0,
}
