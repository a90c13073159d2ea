local sim = require "syncsim"

-- Every edit is followed by a push and a pull whose failures nobody hears of. The catch that would ask for a strategy never fires.
return sim.story {
  name = "app-service-helpers: no strategy runs, an edit that conflicts is reported as done and stays in the queue, and every pull of its table fails",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    for _, policy in ipairs { "client_wins", "server_wins", "latest_wins" } do
      local phone = world:client { name = policy, dialect = "app-service-helpers", policy = policy }
      local office = world.server:table "todoitem"
      office:insert { id = policy, text = "old" }
      phone:pull { table = "todoitem", query_id = "alltodoitem" }
      office:update { id = policy, text = "office's" }
      sim.expect(phone:table("todoitem"):update { id = policy, text = "phone's" }):why("no failure"):has { text = "phone's" }
      world:sleep "1 s"
      sim.expect(phone:queue()[1]):why(policy):has { kind = "update", state = "failed", id = policy }
      sim.expect(office:lookup(policy)):has { text = "office's" }
      sim.fails("push_failed", phone:pull "todoitem")
    end
  end,
}
