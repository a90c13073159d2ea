local row_made_anew = require "lib.row_made_anew"

return row_made_anew {
  name = "node: versions count from 1 for each row, so an edit of a row that was removed overwrites the one made in its place",
  dialect = "mobile-apps", server = "node", errors = 0,
  finds = { checker = "version_monotone", row = "a" },
  text = "the phone's view of one thing",
}
