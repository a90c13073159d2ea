local answer_without_content = require "lib.answer_without_content"

return answer_without_content {
  name = "sound: a success without content leaves the operation, which is recognised when it comes again",
  dialect = "sound", errors = 1, returns = false,
}
