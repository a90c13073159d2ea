local edit_in_a_handler = require "lib.edit_in_a_handler"

return edit_in_a_handler {
  name = "mobile-apps: a handler that edits the row of its own operation waits for the lock that its push holds, and the push for it",
  dialect = "mobile-apps", server = "netfx",
  finds = { checker = "stuck", row = "a" },
}
