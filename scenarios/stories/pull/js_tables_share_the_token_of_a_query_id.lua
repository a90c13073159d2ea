local one_id_two_tables = require "lib.one_id_two_tables"

return one_id_two_tables {
  name = "mobile-apps-js: a token belongs to the query id alone, so a second table that is pulled under it misses its older rows",
  dialect = "mobile-apps-js",
  finds = { checker = "convergence", row = "i" },
}
