local update_while_paging = require "lib.update_while_paging"

return update_while_paging {
  name = "toolkit: pages by $skip over a moving set: the row that slides between two pages is never fetched",
  dialect = "toolkit", server = "toolkit",
  finds = { { checker = "pull_completeness", row = "c" }, { checker = "convergence", row = "c" } },
}
