local unknown_column = require "lib.unknown_column"

return unknown_column {
  name = "sound: a filter that can't be answered is 400: trying again is of no use",
  dialect = "sound", server = "sound", status = 400,
}
