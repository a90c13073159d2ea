local sim = require "syncsim"

-- Tries to catch the instruction limit in every way; it must not be caught, and stop the run at the same place everywhere.
return sim.story {
  name = "the instruction limit cannot be caught",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    world:note "before"
    local function forever() while true do end end
    local function stubborn()
      while true do
        pcall(forever)
        xpcall(forever, function() return forever() end)
        coroutine.wrap(function() pcall(forever) end)()
        local guard <close> = setmetatable({}, { __close = forever })
      end
    end
    pcall(stubborn)
    world:note "never reached"
  end,
}
