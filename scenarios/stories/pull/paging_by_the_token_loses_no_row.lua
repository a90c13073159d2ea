local update_while_paging = require "lib.update_while_paging"

return update_while_paging {
  name = "mobile-apps: a row that is changed between two pages comes again at the end, and no other slides away",
  dialect = "mobile-apps", server = "netfx",
}
