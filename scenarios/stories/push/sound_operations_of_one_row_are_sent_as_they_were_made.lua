local edit_in_flight_then_lost = require "lib.edit_in_flight_then_lost"

return edit_in_flight_then_lost {
  name = "sound: two operations of one row are sent as they were made, and the first one is recognised",
  dialect = "sound",
  sent = { "first", "first", "second" }, statuses = { 200, 200 }, errors = 0, stays = "second",
}
