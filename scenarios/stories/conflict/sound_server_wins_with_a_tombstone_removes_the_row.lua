local server_wins_over_a_tombstone = require "lib.server_wins_over_a_tombstone"

return server_wins_over_a_tombstone {
  name = "sound: when the server wins with a tombstone the local row goes",
  dialect = "sound",
}
