local sim = require "syncsim"

-- The update was committed and its answer lost; the back office has deleted the row since. The retry is answered with the tombstone.
return sim.story {
  name = "sound: an update whose answer comes after the row was deleted leaves no row, to a handler of answers neither",
  server = { dialect = "sound" },
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local office = world.server:table "todoitem"
    office:insert { id = "a", text = "old" }
    local phones = {
      world:client { name = "phone", dialect = "sound", policy = "client_wins" },
      world:client { name = "tablet", dialect = "sound", handler = function(operation) return operation:execute() or operation:fail() end },
    }
    for _, phone in ipairs(phones) do
      office:undelete "a"
      phone:pull { table = "todoitem", query_id = "all" }
      phone:table("todoitem"):update { id = "a", text = phone.name }
      world:link(phone):drop_next { what = "response" }
      phone:push()
      sim.expect(office:lookup("a").text):equals(phone.name)
      office:delete "a"
      sim.expect(phone:push()):has { status = "Complete", completed = 1 }
      sim.expect(phone:table("todoitem"):lookup "a"):is_nil()
    end
    world:settle()
  end,
}
