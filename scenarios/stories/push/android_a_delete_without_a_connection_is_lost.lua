local delete_offline = require "lib.delete_offline"

return delete_offline {
  name = "mobile-apps-android: a delete without a connection is no network error but a broken operation, and as such it is lost",
  dialect = "mobile-apps-android", status = "Complete", errors = 1, pending = 0,
}
