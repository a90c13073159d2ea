local cancelled_then_cut_off = require "lib.cancelled_then_cut_off"

return cancelled_then_cut_off {
  name = "mobile-apps: a push that was cancelled and then lost its connection says CancelledByNetworkError: the last reason stands",
  dialect = "mobile-apps", status = "CancelledByNetworkError",
}
