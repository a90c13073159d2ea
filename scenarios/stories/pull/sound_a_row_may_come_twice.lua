local row_comes_twice = require "lib.row_comes_twice"

return row_comes_twice { name = "sound: a row that comes twice is stored twice", dialect = "sound" }
