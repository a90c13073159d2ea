local edit_in_a_handler = require "lib.edit_in_a_handler"

return edit_in_a_handler {
  name = "sound: a handler may edit the row of its own operation: the edit queues behind it",
  dialect = "sound", server = "sound",
}
