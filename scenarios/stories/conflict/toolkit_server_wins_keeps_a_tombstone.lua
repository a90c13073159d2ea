local server_wins_over_a_tombstone = require "lib.server_wins_over_a_tombstone"

return server_wins_over_a_tombstone {
  name = "toolkit: when the server wins with a tombstone its row is copied as it is, and stays in the local table marked as deleted",
  dialect = "toolkit", stays = true,
}
