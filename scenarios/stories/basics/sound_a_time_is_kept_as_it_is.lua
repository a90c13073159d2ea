local fine_time = require "lib.fine_time"

return fine_time {
  name = "sound: a time is kept and sent as the app wrote it",
  dialect = "sound", later = false,
  kept = "2026-05-01T10:00:00.000600Z", pushed = "2026-05-01T10:00:00.000600Z",
}
