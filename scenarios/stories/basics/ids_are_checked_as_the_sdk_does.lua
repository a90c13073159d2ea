local sim = require "syncsim"

return sim.story {
  name = "mobile-apps: an id has at most 255 characters and none that a URL minds; an empty one is kept by an insert, and by nothing else",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    local todo = phone:table "todoitem"
    for _, id in ipairs { ".", "..", "a/b", 'a"b', "a+b", "a?b", "a\\b", "a`b", "a\1b", "a\127b", "a\u{80}b", string.rep("ä", 256) } do
      sim.fails("invalid", todo:insert { id = id, text = "refused" })
    end
    for _, id in ipairs { "a b", "it's", "#%&", "...", "milk \u{1F95B}", string.rep("ä", 255), "" } do
      sim.expect(todo:insert { id = id, text = "fine" }):has { id = id }
    end
    sim.fails("invalid", todo:update { text = "no id" })
    sim.fails("invalid", todo:update { id = "", text = "an empty one" })
    sim.fails("invalid", todo:delete "")

    sim.expect(phone:push()):has { status = "Complete", completed = 7 }
    for _, row in ipairs(todo:read()) do sim.expect(world.server:table("todoitem"):lookup(row.id)):has { text = "fine" } end
  end,
}
