local server_steps_back = require "lib.server_steps_back"

return server_steps_back {
  name = "sound: a change after the server's clock stepped back is pulled like any other",
  dialect = "sound", server = "sound", expected = "after",
}
