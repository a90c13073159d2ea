local failed_operation = require "lib.failed_operation"

return failed_operation {
  name = "sound: an operation that failed stays in the queue until it is resolved",
  dialect = "sound", pending = 1,
}
