local store_fails_in_a_page = require "lib.store_fails_in_a_page"

return store_fails_in_a_page {
  name = "mobile-apps: a page that can't be stored leaves its transaction open: nothing can be written until the app is restarted",
  dialect = "mobile-apps", stuck = true,
}
