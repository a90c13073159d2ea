local no_soft_delete = require "lib.no_soft_delete"

return no_soft_delete { name = "sound: a table without soft delete is pulled like others", dialect = "sound" }
