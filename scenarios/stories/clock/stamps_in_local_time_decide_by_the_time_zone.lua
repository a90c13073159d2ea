local two_edits = require "lib.two_edits"

return two_edits {
  name = "an app that stamps edits in local time lets the traveller in the east win",
  stamp = "local", changes = { zone = "9 h" }, expected = "phone's",
}
