local discarded_after_a_pull = require "lib.discarded_after_a_pull"

return discarded_after_a_pull {
  name = "sound: the token waits for a row that a pull had to leave out, so it comes when the edit is discarded",
  dialect = "sound",
}
