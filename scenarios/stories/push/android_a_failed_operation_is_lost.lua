local failed_operation = require "lib.failed_operation"

return failed_operation {
  name = "mobile-apps-android: an operation that failed in a push that came to its end is not in the queue any more",
  dialect = "mobile-apps-android", pending = 0,
}
