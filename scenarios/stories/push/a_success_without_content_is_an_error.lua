local answer_without_content = require "lib.answer_without_content"

return answer_without_content {
  name = "mobile-apps: a success without content is an error, though the server has done it: the insert is sent again and gets 409",
  dialect = "mobile-apps", errors = 1, returns = false, status = 409,
  finds = { checker = "convergence", row = "a" },
}
