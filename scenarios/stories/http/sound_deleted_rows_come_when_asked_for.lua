local include_deleted = require "lib.include_deleted"

return include_deleted {
  name = "sound: deleted rows come when they are asked for, however that is spelled, and not when they are asked to stay away",
  server = "sound", version = "3.0.0", off = 1, lower = 2,
}
