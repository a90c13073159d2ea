local cleaned = require "lib.cleaned"

return cleaned {
  name = "sound: a token from before the clean-up is worth nothing, so a device that was away learns of every deletion",
  dialect = "sound", server = "sound", rows = 1,
}
