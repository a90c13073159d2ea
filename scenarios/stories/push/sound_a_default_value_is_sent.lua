local sim = require "syncsim"
local back_to_default = require "lib.back_to_default"

return back_to_default {
  name = "sound: null, false and 0 are values like others",
  dialect = "sound",
  sent = { id = "a", text = "mine", note = sim.null, reminds = false, level = 0 },
  kept = { note = sim.null, reminds = false, level = 0 },
}
