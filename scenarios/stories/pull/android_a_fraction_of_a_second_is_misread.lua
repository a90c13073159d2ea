local half_a_second = require "lib.half_a_second"

return half_a_second {
  name = "mobile-apps-android: the server writes 10.5 seconds without zeros, the token becomes 10.005, and at rest all since then comes again",
  dialect = "mobile-apps-android", server = "netfx", asked = "00:00:10.005Z", rows = 2,
}
