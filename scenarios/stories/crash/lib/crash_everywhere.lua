local sim = require "syncsim"

-- A script with every kind of write in it, played by one device after the other. The n-th device dies at its n-th store write, starts
-- again and goes on with the rest; the first one that gets through without dying is the last.
local function play(world, phone, prefix)
  local todo, back_office = phone:table "todoitem", world.server:table "todoitem"
  local a, b, c, d = prefix .. "a", prefix .. "b", prefix .. "c", prefix .. "d"
  local all = { table = "todoitem", query_id = "all", where = { owner = prefix } }
  local died = false

  -- A step that the process did not survive is not repeated: what became of it is the engine's business.
  local function step(_, _, code)
    if code == "crashed" or not phone:up() then
      died = true
      phone:restart()
    end
  end
  local function during(verb, edit)
    local running = world:spawn(verb)
    world:sleep "30 ms"
    step(edit())
    step(running:join())
  end

  step(todo:insert { id = a, text = "one", n = 1, owner = prefix })
  step(todo:insert { id = b, text = "one", n = 1, owner = prefix })
  step(todo:update { id = a, text = "two" })
  step(todo:insert { id = d, text = "short-lived", owner = prefix })
  step(todo:delete(d))
  step(phone:push())
  step(phone:pull(all))
  back_office:update { id = a, n = 7 }
  step(todo:update { id = a, text = "over a newer row" })
  step(todo:update { id = b, text = "then deleted" })
  step(todo:delete(b))
  world:link(phone):drop_next { what = "response" }
  step(phone:push())
  during(function() return phone:push() end, function() return todo:update { id = a, text = "while it is sent" } end)
  during(function() return phone:pull(all) end, function() return todo:insert { id = c, text = "during a pull", n = 3, owner = prefix } end)
  back_office:insert { id = d, text = "theirs", owner = prefix }
  step(todo:insert { id = d, text = "mine", owner = prefix })
  step(phone:pull(all))
  step(phone:push())
  step(phone:purge { table = "todoitem", query_id = "all" })
  step(phone:pull(all))
  step(todo:update { id = a, n = 8 })
  step(phone:purge { table = "todoitem", force = true })
  step(phone:pull { table = "todoitem", where = { owner = prefix } })
  return died
end

return function(case)
  return sim.story {
    name = case.name,
    tables = { todoitem = { text = "string", n = "integer", owner = "string" } },
    server = { dialect = "sound" },
    run = function(world)
      local number, died = 0, true
      while died do
        number = number + 1
        local phone = world:client {
          name = "phone" .. number, dialect = "sound", store = case.store, policy = case.policy, timeout = "1 s",
        }
        phone:crash_at { write = number }
        died = play(world, phone, "p" .. number)
      end
      sim.expect(number):why("the script has that many writes, and one more device"):at_least(60)
      world:settle()
    end,
  }
end
