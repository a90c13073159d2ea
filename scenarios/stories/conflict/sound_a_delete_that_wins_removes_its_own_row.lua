local row_named_like_an_operation = require "lib.row_named_like_an_operation"

return row_named_like_an_operation {
  name = "sound: a delete that wins over a newer row leaves all others alone",
  dialect = "sound",
}
