local update_while_paging = require "lib.update_while_paging"

return update_while_paging {
  name = "sound: pages go by commit sequence, so a row that is changed between two pages comes later, and no other slides away",
  dialect = "sound", server = "sound",
}
