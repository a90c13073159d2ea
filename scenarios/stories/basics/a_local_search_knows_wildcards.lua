local search_for_a_percent_sign = require "lib.search_for_a_percent_sign"

return search_for_a_percent_sign {
  name = "mobile-apps: a percent sign or an underscore in a local search is a wildcard, and the case of letters does not matter",
  dialect = "mobile-apps",
  percent = { "a", "b" }, underscore = { "a", "b" }, case = { "c" },
}
