local crash_everywhere = require "lib.crash_everywhere"

return crash_everywhere { name = "sound: a crash at any write to a SQLite store loses and doubles nothing", store = "sqlite", policy = "client_wins" }
