local sim = require "syncsim"

return sim.story {
  name = "toolkit: what a resolver returns as the client's is sent once more, as a PUT without a version, an insert, too",
  tables = { todoitem = { text = "string" } },
  server = { dialect = "toolkit" },
  run = function(world)
    local phone = world:client {
      name = "phone", dialect = "toolkit",
      policy = function(conflict) return { id = conflict.id, text = conflict.client.text .. " over " .. conflict.server.text } end,
    }
    world.server:table("todoitem"):insert { id = "a", text = "old" }
    phone:pull "todoitem"
    world.server:table("todoitem"):update { id = "a", text = "theirs" }
    world.server:table("todoitem"):insert { id = "b", text = "theirs" }
    phone:table("todoitem"):update { id = "a", text = "mine" }
    phone:table("todoitem"):insert { id = "b", text = "mine" }
    sim.expect(phone:push().errors):has_length(0)

    local sent = {}
    for _, request in ipairs(world.server:requests()) do
      if request.method ~= "query" then
        sent[#sent + 1] = request.method .. (request.if_match == "" and " blind " or " checked ") .. request.status
      end
    end
    sim.expect(sent):equals { "replace checked 412", "replace blind 200", "insert blind 409", "replace blind 200" }
    sim.expect(phone:table("todoitem"):lookup "b"):has { text = "mine over theirs" }
  end,
}
