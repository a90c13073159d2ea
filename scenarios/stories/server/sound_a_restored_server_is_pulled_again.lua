local restored = require "lib.restored"

return restored {
  name = "sound: the epoch of a restored server makes devices pull everything again, and drop what was lost",
  dialect = "sound", server = "sound", keeps_lost = false,
}
