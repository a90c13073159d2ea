-- error: a scenario returns sim.story { ... } or sim.world { ... }, not a number
local sim = require "syncsim"
return 42
-- end: not_found
