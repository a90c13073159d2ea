local same_moment = require "lib.same_moment"

return same_moment {
  name = "mobile-apps: `ge` finds a row that is stamped in the millisecond of the token after the pull, and both again at every pull",
  dialect = "mobile-apps", server = "netfx", rests = 2,
}
