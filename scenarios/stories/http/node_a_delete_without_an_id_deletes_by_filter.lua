local write_without_an_id = require "lib.write_without_an_id"

return write_without_an_id {
  name = "node: PATCH takes the id from the body, and DELETE without an id deletes everything that the filter finds",
  server = "node", version = "2.0.0", patch = 200, delete = 200,
  patched = "cake", left = 1,
}
