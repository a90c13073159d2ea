local two_edits = require "lib.two_edits"

return two_edits {
  name = "by latest_wins an edit from a phone whose clock is two hours ahead wins over one that was made an hour later",
  clock = { offset = "2 h" }, expected = "phone's",
}
