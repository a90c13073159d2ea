local sim = require "syncsim"

-- The twin of helpers_no_strategy_is_ever_asked.lua: the same library as its documentation has it.
return sim.story {
  name = "app-service-helpers-promised: the strategies run, and latest wins compares",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    for policy, text in pairs { client_wins = "phone's", server_wins = "office's", latest_wins = "phone's" } do
      local phone = world:client { name = policy, dialect = "app-service-helpers-promised", policy = policy }
      local office = world.server:table "todoitem"
      office:insert { id = policy, text = "old" }
      phone:pull { table = "todoitem", query_id = "alltodoitem" }
      office:update { id = policy, text = "office's" }
      world:sleep "1 s"
      phone:table("todoitem"):update { id = policy, text = "phone's" }
      world:sleep "1 s"
      sim.expect(phone:pending()):why(policy):equals(0)
      sim.expect(office:lookup(policy)):why(policy):has { text = text }
      sim.expect(phone:table("todoitem"):lookup(policy)):has { text = text }
    end
  end,
}
