local cancelled_push = require "lib.cancelled_push"

return cancelled_push {
  name = "sound: a push that is cancelled ends when the operation on its way has ended, and nothing happens afterwards",
  dialect = "sound", told_after_ms = 2000, pending_then = 1,
}
