local late_commit = require "lib.late_commit"

return late_commit { name = "sound: a pull never passes a commit that is still on its way", dialect = "sound" }
