local edit_in_knowledge = require "lib.edit_in_knowledge"

return edit_in_knowledge {
  name = "by hybrid clocks a correction is later than what it corrects, whatever the phone's clock shows",
  stamp = "hlc", expected = "buy milk and bread",
}
