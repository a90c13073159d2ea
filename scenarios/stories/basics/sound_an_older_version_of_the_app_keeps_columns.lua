local an_older_version_of_the_app = require "lib.an_older_version_of_the_app"

return an_older_version_of_the_app {
  name = "sound: an app that is taken back to an older version keeps the columns which that lacks",
  dialect = "sound", keeps = true,
}
