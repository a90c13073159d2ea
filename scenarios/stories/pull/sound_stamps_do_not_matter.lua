local same_moment = require "lib.same_moment"

return same_moment {
  name = "sound: tokens are commit sequences, so rows of one moment are told apart; at rest a pull fetches nothing",
  dialect = "sound", server = "sound", rests = 0,
}
