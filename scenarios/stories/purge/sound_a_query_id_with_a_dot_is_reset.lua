local reset_of_all_query_ids = require "lib.reset_of_all_query_ids"

return reset_of_all_query_ids {
  name = "sound: a purge resets all query ids of its table, with dots or without",
  dialect = "sound", rows = 1,
}
