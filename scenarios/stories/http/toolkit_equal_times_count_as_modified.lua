local echo_the_time = require "lib.echo_the_time"

return echo_the_time {
  name = "toolkit: who sends the time of a row back is told that the row was modified since",
  server = "toolkit", unmodified = 412, modified = 200,
}
