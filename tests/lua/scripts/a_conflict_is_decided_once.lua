local story = require "lib.story"
return story(function(world)
  local kept
  local function refused(...)
    local _, message = pcall(...)
    print((message:gsub("^.-:%d+: ", "")))
  end
  local phone = world:client { name = "phone", dialect = "mobile-apps-js", policy = function(conflict)
    kept = conflict
    print(conflict)                                          -- expect: conflict insert todoitem/a: status 409
    refused(conflict.cancel)                                 -- expect: cancel: call it with a colon, as conflict:cancel(...)
    refused(conflict.change_action, conflict, "upsert")      -- expect: change_action: unknown value 'upsert': did you mean 'insert'?; one of: insert, update, delete
    print(conflict:update { id = "b", text = "another" })    -- expect: nil	only the row 'a', which is being pushed, can be changed	invalid
    print(conflict:change_action "update")                   -- expect: true
    refused(conflict.cancel, conflict)                       -- expect: cancel: this conflict is decided
    return "server"                                          -- too late: nobody looks
  end }
  world.server:table("todoitem"):insert { id = "a", text = "theirs" }
  phone:table("todoitem"):insert { id = "a", text = "mine" }
  phone:push()
  refused(kept.cancel, kept)                                 -- expect: cancel: this conflict is decided
  print(phone:pending())                                     -- expect: 0

  local classic = world:client { name = "classic", dialect = "mobile-apps", policy = function(conflict)
    print(conflict:change_action "update")                   -- expect: nil	the dialect mobile-apps cannot change the action of an operation	invalid
    return conflict:cancel()
  end }
  classic:table("todoitem"):insert { id = "a", text = "again" }
  classic:push()
  print(classic:pending())                                   -- expect: 0
end)
