local discarded_after_a_failure = require "lib.discarded_after_a_failure"

return discarded_after_a_failure {
  name = "sound: an edit that failed and is discarded leaves the row as it was before it",
  dialect = "sound",
}
