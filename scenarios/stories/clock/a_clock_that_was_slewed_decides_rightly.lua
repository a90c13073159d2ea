local two_edits = require "lib.two_edits"

-- 500 ppm mend 10 s in 20,000 s: by then the edits are an hour apart.
return two_edits {
  name = "by latest_wins the later edit wins when NTP slews a clock that is ten seconds ahead",
  clock = { offset = "10 s" }, changes = { slew_ppm = 500 }, expected = "laptop's, an hour later",
}
