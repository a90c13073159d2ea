local sync_in_a_handler = require "lib.sync_in_a_handler"

return sync_in_a_handler {
  name = "sound: a handler and a completion may push and pull: the push that asked them lets others pass meanwhile",
  dialect = "sound",
}
