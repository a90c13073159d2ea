local queue_fails = require "lib.queue_fails"

return queue_fails {
  name = "sound: when the operation can't be queued the local row is as it was",
  dialect = "sound", text = "old",
}
