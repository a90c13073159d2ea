local two_instances = require "lib.two_instances"

return two_instances {
  name = "sound: commit sequences do not ask the clocks of the server's instances",
  dialect = "sound", server = "sound", pulled = true,
}
