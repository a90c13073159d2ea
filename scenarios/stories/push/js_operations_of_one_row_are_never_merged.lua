local edit_in_flight_then_lost = require "lib.edit_in_flight_then_lost"

return edit_in_flight_then_lost {
  name = "mobile-apps-js: two operations of one row stay two, both send the row as it is now, and both conflict with the write whose answer was lost",
  dialect = "mobile-apps-js",
  finds = { checker = "queue_order", row = "a" },
  sent = { "first", "second", "second" }, statuses = { 412, 412 }, errors = 2, stays = "first",
}
