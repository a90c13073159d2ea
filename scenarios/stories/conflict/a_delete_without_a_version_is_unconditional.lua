local sim = require "syncsim"

-- The operation keeps the object that the app passes: its version, or none.
return sim.story {
  name = "mobile-apps: a delete of an object without a version asks for none, and takes a row that somebody changed with it",
  finds = { checker = "conditional_write", row = "a" },
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    local back_office = world.server:table "todoitem"
    for _, id in ipairs { "a", "b" } do back_office:insert { id = id, text = "old" } end
    phone:pull "todoitem"
    for _, id in ipairs { "a", "b" } do back_office:update { id = id, text = "changed since" } end

    phone:table("todoitem"):delete { id = "a" }
    phone:table("todoitem"):delete { id = "b", version = phone:table("todoitem"):lookup("b").version }
    local _, _, _, result = phone:push()
    sim.expect(back_office:lookup "a"):is_nil()
    sim.expect(result.errors):has_length(1)
    sim.expect(result.errors[1]):has { id = "b", status = 412 }
    result.errors[1]:cancel_and_update(result.errors[1].server)
  end,
}
