local reset_of_all_query_ids = require "lib.reset_of_all_query_ids"

return reset_of_all_query_ids {
  name = "datasync: a purge that resets all query ids of its table passes over one with a dot, whose rows do not come back",
  dialect = "datasync", rows = 0,
  finds = { checker = "convergence", row = "a" },
}
