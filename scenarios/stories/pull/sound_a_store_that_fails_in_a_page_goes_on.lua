local store_fails_in_a_page = require "lib.store_fails_in_a_page"

return store_fails_in_a_page {
  name = "sound: a page that can't be stored is rolled back, and the next pull brings it",
  dialect = "sound",
}
