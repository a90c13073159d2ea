local the_word_datetime = require "lib.the_word_datetime"

return the_word_datetime {
  name = "mobile-apps-js: the first `datetime'` in the text of a pull becomes `datetimeoffset'`, be it the app's own text",
  dialect = "mobile-apps-js", found = 0,
}
