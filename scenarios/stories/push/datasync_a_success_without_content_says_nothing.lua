local answer_without_content = require "lib.answer_without_content"

return answer_without_content {
  name = "datasync: an answer that can't be read leaves the operation failed, while the push says that all went well",
  dialect = "datasync", errors = 0, returns = true, status = 409,
  finds = { checker = "convergence", row = "a" },
}
