local echo_the_time = require "lib.echo_the_time"

return echo_the_time {
  name = "sound: who sends the time of a row back is told that the row was not modified since",
  server = "sound", unmodified = 200, modified = 304,
}
