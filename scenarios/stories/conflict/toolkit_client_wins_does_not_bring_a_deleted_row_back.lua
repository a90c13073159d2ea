local sim = require "syncsim"

return sim.story {
  name = "toolkit: client wins over a row that was deleted on the server gets 410; the operation stays, as a replace",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "toolkit" },
  run = function(world)
    local phone = world:client { name = "phone", dialect = "toolkit", policy = "client_wins" }
    world.server:table("todoitem"):insert { id = "a", text = "theirs" }
    world.server:table("todoitem"):delete "a"
    phone:table("todoitem"):insert { id = "a", text = "mine" }
    local result = phone:push()
    sim.expect(result.errors[1]):has { kind = "insert", id = "a", status = 410 }
    sim.expect(phone:queue()[1]):why("what the resolver made of it was saved"):has { kind = "update", state = "failed" }

    sim.expect(phone:push().errors[1]):has { kind = "update", id = "a", status = 410 }
    sim.fails("state", phone:pull "todoitem")
    local sent = {}
    for _, request in ipairs(world.server:requests()) do sent[#sent + 1] = request.method .. " " .. request.status end
    sim.expect(sent):equals { "insert 409", "replace 410", "replace 410" }
  end,
}
