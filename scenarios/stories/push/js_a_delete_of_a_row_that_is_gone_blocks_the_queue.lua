local delete_of_a_row_that_is_gone = require "lib.delete_of_a_row_that_is_gone"

return delete_of_a_row_that_is_gone {
  name = "mobile-apps-js: a delete that finds no row is an error that stops every push, and what is behind it is never sent",
  finds = { checker = "push_liveness", row = "b" },
  dialect = "mobile-apps-js", blocks = true,
}
