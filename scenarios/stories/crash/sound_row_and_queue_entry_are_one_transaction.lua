local torn_write = require "lib.torn_write"

return torn_write { name = "sound: a crash inside a local write leaves nothing of it", dialect = "sound" }
