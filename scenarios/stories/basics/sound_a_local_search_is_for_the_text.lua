local search_for_a_percent_sign = require "lib.search_for_a_percent_sign"

return search_for_a_percent_sign {
  name = "sound: a local search is for the text as it is",
  dialect = "sound",
  percent = { "a" }, underscore = {}, case = {},
}
