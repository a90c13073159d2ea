local edit_of_a_deleted_row = require "lib.edit_of_a_deleted_row"

-- 404 is no conflict, so no policy is asked; the operation stays, and each pull begins with pushing it.
return edit_of_a_deleted_row {
  name = "mobile-apps: an edit of a row that was deleted on the server fails with 404, and every pull of its table with it",
  dialect = "mobile-apps", server = "netfx",
  finds = { { checker = "convergence", row = "a" }, { checker = "convergence", row = "b" } },
}
