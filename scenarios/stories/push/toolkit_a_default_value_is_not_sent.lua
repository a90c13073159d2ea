local back_to_default = require "lib.back_to_default"

return back_to_default {
  name = "toolkit: null, false and 0 are left out of the body, the server fills in what its class begins with, and that comes back",
  finds = { checker = "lost_update", row = "a" },
  dialect = "toolkit",
  sent = { id = "a", text = "mine" },
  kept = { note = "none", reminds = true, level = 3 },
}
