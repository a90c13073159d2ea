local unknown_column = require "lib.unknown_column"

return unknown_column {
  name = "node: a filter that can't be answered is 500, as if it were worth to try again",
  dialect = "mobile-apps", server = "node", status = 500,
}
