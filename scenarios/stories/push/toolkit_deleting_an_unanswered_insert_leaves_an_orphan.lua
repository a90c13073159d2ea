local unanswered = require "lib.unanswered_insert"

return unanswered {
  name = "toolkit: a row that is deleted after its insert lost the answer stays on the server and comes back with the next pull",
  dialect = "toolkit", orphan = true,
}
