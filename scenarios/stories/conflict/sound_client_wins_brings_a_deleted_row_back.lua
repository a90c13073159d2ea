local edit_of_a_deleted_row = require "lib.edit_of_a_deleted_row"

return edit_of_a_deleted_row {
  name = "sound: an edit of a row that was deleted on the server is a conflict like any other; client wins brings the row back",
  dialect = "sound", server = "sound",
}
