local fine_time = require "lib.fine_time"

return fine_time {
  name = "mobile-apps: the local store rounds times to milliseconds, so that a time can become later than it was",
  dialect = "mobile-apps", later = true,
  kept = "2026-05-01T10:00:00.001Z", pushed = "2026-05-01T10:00:00.001Z",
}
