local crash_everywhere = require "lib.crash_everywhere"

return crash_everywhere { name = "sound: a crash at any write to a memory store loses and doubles nothing", store = "memory", policy = "server_wins" }
