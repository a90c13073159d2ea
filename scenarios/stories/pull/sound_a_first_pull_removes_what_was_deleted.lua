local purge_before_the_first_token = require "lib.purge_before_the_first_token"

return purge_before_the_first_token {
  name = "sound: a pull without a token also learns what was deleted",
  dialect = "sound",
}
