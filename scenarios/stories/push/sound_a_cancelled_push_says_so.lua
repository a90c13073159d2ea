local cancelled_then_cut_off = require "lib.cancelled_then_cut_off"

return cancelled_then_cut_off {
  name = "sound: a push that was cancelled says CancelledByToken, whatever the connection did afterwards",
  dialect = "sound", status = "CancelledByToken",
}
