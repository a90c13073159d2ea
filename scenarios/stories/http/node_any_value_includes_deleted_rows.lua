local include_deleted = require "lib.include_deleted"

return include_deleted {
  name = "node: __includeDeleted=false shows deleted rows, and in another case it is no option at all",
  server = "node", version = "2.0.0", off = 2, lower = 1,
}
