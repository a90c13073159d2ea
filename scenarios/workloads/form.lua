local sim = require "syncsim"

-- Forms whose fields belong together in groups: who, where, what state. Several fields change at once; the field edits its own, the
-- office corrects any.
return sim.world {
  name = "forms with groups of fields, filled in outside and corrected in the office",
  tables = {
    form = { name = "string", phone = "string", street = "string", city = "string", postcode = "integer", state = "string", checked = "boolean" },
  },
  run = function(world)
    world:users {
      clients = 4, within = "8 h", rows = 16, own = 300, zipf = 0.6,
      kinds = { form = "form" }, fields = { form = { name = 1, phone = 2, street = 1, city = 1, postcode = 1, state = 3, checked = 2 } },
      sessions = { per_day = 20, hour = 8, length = "8 min", edits = 4, offline = 400 },
      mix = { insert = 15, update = 60, delete = 3, sync = 22 },
      client = { policy = "latest_wins", auto_sync = true },
    }
    world:settle()
  end,
}
