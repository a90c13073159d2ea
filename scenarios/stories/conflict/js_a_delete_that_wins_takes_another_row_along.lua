local row_named_like_an_operation = require "lib.row_named_like_an_operation"

return row_named_like_an_operation {
  name = "mobile-apps-js: making an operation a delete removes the row whose id is the number of the operation",
  dialect = "mobile-apps-js",
  finds = { checker = "convergence", row = "1" },
}
