local an_older_version_of_the_app = require "lib.an_older_version_of_the_app"

return an_older_version_of_the_app {
  name = "datasync: an app that is taken back to an older version loses the columns which that lacks, and pulls do not bring them back",
  dialect = "datasync",
  finds = { checker = "convergence", row = "a" },
}
