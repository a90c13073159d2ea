local row_comes_twice = require "lib.row_comes_twice"

return row_comes_twice {
  name = "datasync: a row that comes twice between two writes makes the pull throw",
  dialect = "datasync", interval = 10, throws = true,
  finds = { checker = "pull_completeness", row = "r3" }, -- the pages go by $skip over a set that moved
}
