local disk_is_full = require "lib.disk_is_full"

return disk_is_full {
  name = "sound: when the disk is full at any write of an insert nothing of it stays",
  dialect = "sound", change = 8, left = 0,
}
