local edit_in_flight_then_lost = require "lib.edit_in_flight_then_lost"

return edit_in_flight_then_lost {
  name = "mobile-apps-ios: two operations of one row are not condensed when the first one failed",
  dialect = "mobile-apps-ios",
  finds = { checker = "queue_order", row = "a" },
  sent = { "first", "second", "second" }, statuses = { 412, 412 }, errors = 2, stays = "first",
}
