local one_id_two_tables = require "lib.one_id_two_tables"

return one_id_two_tables { name = "sound: a token belongs to a table and a query id", dialect = "sound" }
