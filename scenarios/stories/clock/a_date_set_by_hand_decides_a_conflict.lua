local two_edits = require "lib.two_edits"

return two_edits {
  name = "by latest_wins whoever sets the date of his phone to next year wins",
  changes = { set = "2027-01-01T00:00:00Z" }, expected = "phone's",
}
