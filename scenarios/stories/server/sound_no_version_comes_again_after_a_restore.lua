local version_again = require "lib.version_again"

-- The server counts in blocks of 256, so it takes that many writes until one comes again.
return version_again {
  name = "sound: versions of another epoch never come again, so an edit of what was lost is a conflict",
  dialect = "sound", server = "sound", lost = 257, expected = "written after the restore", conflicts = true,
}
