local lost_answer = require "lib.lost_answer"

return lost_answer { name = "sound: an insert whose answer was lost is recognised by its operation key", dialect = "sound" }
