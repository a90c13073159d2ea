local two_edits = require "lib.two_edits"

return two_edits {
  name = "a phone that travels to another time zone stamps its edits as before",
  changes = { zone = "9 h" }, expected = "laptop's, an hour later",
}
