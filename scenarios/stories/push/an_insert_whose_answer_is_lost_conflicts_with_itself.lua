local lost_answer = require "lib.lost_answer"

-- The server committed, the answer was lost: the retry meets the client's own row.
return lost_answer {
  name = "mobile-apps: an insert whose answer was lost is refused with 409 for ever",
  dialect = "mobile-apps",
  finds = { checker = "convergence", row = "milk" },
}
