local write_without_an_id = require "lib.write_without_an_id"

return write_without_an_id {
  name = "sound: PATCH and DELETE need an id in the path, and do nothing without",
  server = "sound", version = "3.0.0", patch = 400, delete = 404,
  patched = "bread", left = 3,
}
