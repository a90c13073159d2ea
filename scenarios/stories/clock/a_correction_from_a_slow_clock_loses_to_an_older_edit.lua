local edit_in_knowledge = require "lib.edit_in_knowledge"

return edit_in_knowledge {
  name = "by wall clocks a correction from a phone that is an hour behind loses to an edit that is older than what it corrects",
  stamp = "wall", expected = "tablet's",
}
