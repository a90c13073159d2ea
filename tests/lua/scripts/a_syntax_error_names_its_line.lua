local sim = require "syncsim"
local x = = 1 -- error: unexpected symbol near '='
