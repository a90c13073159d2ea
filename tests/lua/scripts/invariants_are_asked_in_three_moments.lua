local story = require "lib.story"
return story(function(world)
  local asked = {}
  for _, at in ipairs { "commit", "pull", "rest" } do
    world:invariant {
      name = at, at = at,
      check = function(read, where)
        asked[#asked + 1] = at .. " of " .. where .. ": " .. #read "todoitem"
        return true
      end,
    }
  end
  local phone = world:client { name = "phone" }
  local tablet = world:client { name = "tablet" }
  phone:table("todoitem"):insert { id = "a", text = "milk" }
  print(#asked) -- expect: 0
  phone:push()
  world:sleep "1 ms"
  print(table.concat(asked, ", ")) -- expect: commit of server: 1
  asked = {}
  tablet:pull "todoitem"
  world:sleep "1 ms"
  print(table.concat(asked, ", ")) -- expect: pull of tablet: 1
  world.server:table("todoitem"):delete "a" -- which the phone, that has never pulled, does not hear of
  world:settle()
  local rest = {}
  for _, one in ipairs(asked) do
    if one:find "^rest" then rest[#rest + 1] = one end
  end
  print(table.concat(rest, ", ")) -- expect: rest of server: 0, rest of phone: 1, rest of tablet: 0
end)
