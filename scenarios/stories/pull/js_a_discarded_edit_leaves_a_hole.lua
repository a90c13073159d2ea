local discarded_after_a_pull = require "lib.discarded_after_a_pull"

return discarded_after_a_pull {
  name = "mobile-apps-js: a pull pushes nothing and leaves out a row with a pending edit, and when that is discarded the row never comes",
  dialect = "mobile-apps-js",
  finds = { checker = "convergence", row = "a" },
}
