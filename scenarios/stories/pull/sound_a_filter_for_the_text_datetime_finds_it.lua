local the_word_datetime = require "lib.the_word_datetime"

return the_word_datetime { name = "sound: a filter is a tree, nothing in its texts is replaced", dialect = "sound", found = 1 }
