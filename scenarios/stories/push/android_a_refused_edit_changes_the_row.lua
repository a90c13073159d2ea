local refused_edit = require "lib.refused_edit"

return refused_edit {
  name = "mobile-apps-android: an edit that the queue refuses has changed the local row already",
  finds = { checker = "read_your_writes", row = "a" },
  dialect = "mobile-apps-android", changed = true,
}
