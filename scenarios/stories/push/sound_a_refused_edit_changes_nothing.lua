local refused_edit = require "lib.refused_edit"

return refused_edit {
  name = "sound: an edit that is refused changes nothing",
  dialect = "sound",
}
