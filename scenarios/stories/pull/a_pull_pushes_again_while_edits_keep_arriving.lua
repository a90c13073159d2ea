local sim = require "syncsim"

return sim.story {
  name = "mobile-apps: a pull pushes again and again as long as its table is dirty when the push has ended",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local left, phone = 3, nil
    phone = world:client {
      name = "phone",
      on_push_complete = function()
        left = left - 1
        if left >= 0 then phone:table("todoitem"):insert { id = "n" .. left, text = "one more" } end
      end,
    }
    phone:table("todoitem"):insert { id = "first", text = "mine" }
    phone:pull "todoitem"
    local methods = {}
    for _, request in ipairs(world.server:requests()) do methods[#methods + 1] = request.method end
    sim.expect(methods):equals { "insert", "insert", "insert", "insert", "query", "query" }
  end,
}
