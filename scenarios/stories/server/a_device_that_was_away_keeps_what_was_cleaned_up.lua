local cleaned = require "lib.cleaned"

return cleaned {
  name = "mobile-apps: a device that was away longer than tombstones are kept never hears of a deletion",
  dialect = "mobile-apps", server = "node", rows = 2,
  finds = { checker = "convergence", row = "a" },
}
