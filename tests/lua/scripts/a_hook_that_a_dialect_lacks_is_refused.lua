local story = require "lib.story"
return story(function(world)
  local nothing = function() end
  local function refused(options)
    local _, message = pcall(world.client, world, options)
    print((message:gsub("^.-:%d+: ", "")))
  end
  refused { name = "a", dialect = "mobile-apps-js", handler = nothing } -- expect: client.handler: the dialect mobile-apps-js has no hook for it
  refused { name = "b", dialect = "mobile-apps-js", on_push_complete = nothing } -- expect: client.on_push_complete: the dialect mobile-apps-js has no hook for it
  refused { name = "c", dialect = "mobile-apps", on_error = nothing } -- expect: client.on_error: the dialect mobile-apps has no hook for it
end)
