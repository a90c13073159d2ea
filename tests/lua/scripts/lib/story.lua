local sim = require "syncsim"

return function(run, more)
  local options = { name = "a test", tables = { todoitem = { text = "string", qty = "integer", done = "boolean", at = "datetime",
    price = "number", blob = "bytes" } }, run = run }
  for key, value in pairs(more or {}) do options[key] = value end
  return sim.story(options)
end
