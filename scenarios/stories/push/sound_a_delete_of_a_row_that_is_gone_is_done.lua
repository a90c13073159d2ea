local delete_of_a_row_that_is_gone = require "lib.delete_of_a_row_that_is_gone"

return delete_of_a_row_that_is_gone {
  name = "sound: a delete that finds no row is done, and what is behind it is sent",
  dialect = "sound",
}
