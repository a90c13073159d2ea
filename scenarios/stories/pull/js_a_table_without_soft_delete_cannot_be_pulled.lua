local no_soft_delete = require "lib.no_soft_delete"

return no_soft_delete {
  name = "mobile-apps-js: every row of a pull must say whether it is deleted, so a table without soft delete can't be pulled",
  dialect = "mobile-apps-js", fails = true,
}
