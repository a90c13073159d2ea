local half_a_second = require "lib.half_a_second"

return half_a_second {
  name = "sound: a token is a number that nobody formats, and at rest nothing comes again",
  dialect = "sound", server = "sound", rows = 0,
}
