local server_wins = require "lib.server_wins_on_a_delete"

return server_wins {
  name = "toolkit: server wins over a local delete drops the delete and leaves the row away; only a pull brings it back",
  dialect = "toolkit", restores = false,
}
