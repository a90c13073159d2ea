local sim = require "syncsim"

-- Three tables that hang on each other, parents first, in small pages on a server with late commits.
return sim.world {
  name = "projects, their tasks and comments, made parents first, on a server that commits late",
  tables = {
    project = { title = "string" }, task = { project_id = "string", done = "boolean" }, comment = { task_id = "string", body = "string" },
  },
  server = { page_size = 3, workers = 3, service = "50 ms", commit = "10 ms", commit_spread = "200 ms" },
  run = function(world)
    world:users {
      clients = 3, per_user = 18, within = "30 min", rows = 8, own = 300, kinds = { task = "parent-child", comment = "parent-child" },
      mix = { insert = 45, update = 30, delete = 5, sync = 20 },
      client = { policy = "latest_wins", latency = "50 ms", latency_spread = "500 ms", weather = { net_request_lost = 20, net_response_lost = 20 } },
    }
    world:settle()
  end,
}
