local server_wins = require "lib.server_wins_on_a_delete"

return server_wins { name = "sound: server wins over a local delete brings the row back", dialect = "sound", restores = true }
