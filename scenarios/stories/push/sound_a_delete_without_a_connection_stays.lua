local delete_offline = require "lib.delete_offline"

return delete_offline {
  name = "sound: a delete without a connection stays in the queue",
  dialect = "sound", status = "CancelledByNetworkError", errors = 0, pending = 1,
}
