local many_tombstones = require "lib.many_tombstones"

return many_tombstones { name = "sound: a page with a thousand tombstones is a page like others", dialect = "sound" }
