local unanswered = require "lib.unanswered_insert"

return unanswered { name = "sound: a row that is deleted after its insert lost the answer is deleted on the server", dialect = "sound" }
