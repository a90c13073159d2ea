local sim = require "syncsim"

-- Asks for everything that differs from process to process in a stock Lua, and says what it got.
return sim.story {
  name = "a script that asks for everything that is not deterministic gets the same answers in every process",
  tables = { todoitem = { text = "string", rank = "integer" } },
  run = function(world)
    local function say(what, ...)
      local parts = {}
      for i = 1, select("#", ...) do parts[i] = tostring((select(i, ...))) end
      world:note(what .. ": " .. table.concat(parts, " "))
    end

    local keyed = {}
    for i = 1, 200 do keyed["key" .. (i * 7919 % 1000)] = i end
    for key, value in pairs(keyed) do say("pairs", key, value) end
    say("next", next(keyed))
    say("pairs over tables as keys", pcall(function() for key in pairs { [{}] = 1, [print] = 2 } do say("key", key) end end))

    local holes = {}
    for i = 1, 64 do holes[i] = i end
    for i = 1, 64, 3 do holes[i] = nil end
    for i = 100, 130 do holes["x" .. i] = i end
    say("length with holes", pcall(function() return #holes end))
    say("unpack with holes", pcall(table.unpack, holes))
    say("concat with holes", pcall(table.concat, holes, ","))
    say("insert with holes", pcall(table.insert, holes, 1))

    local equal = {}
    for i = 1, 1000 do equal[i] = { key = i % 3, order = i } end
    table.sort(equal, function(a, b) return a.key < b.key end)
    for i = 1, 1000, 37 do say("sorted", equal[i].key, equal[i].order) end

    say("tables", {}, equal, print, coroutine.create(print), tostring(say))
    say("format", string.format("%s %q", "x", 0.1), pcall(string.format, "%p", {}))
    say("error with a table", pcall(error, {}))
    say("index a nil", pcall(function() local t = {} return t.a.b end))

    local keep = {}
    for i = 1, 200000 do
      keep[i % 100 + 1] = { string.rep("x", i % 50), i }
      if i % 5000 == 0 then pcall(collectgarbage) end
    end
    say("collected", pcall(collectgarbage, "count"))
    say("finaliser", pcall(setmetatable, {}, { __gc = function() world:note "collected" end }))
    say("weak", pcall(setmetatable, {}, { __mode = "k" }))

    say("time", os and os.time and os.time(), os and os.clock and os.clock())
    for _ = 1, 5 do say("random", math.random(1000)) end
    pcall(math.randomseed, 42)
    say("random after a seed", math.random(1000))
    say("floats", 0.1 + 0.2, 1e300 * 10, -0.0, 2^53, 7 // 2.5, 1 / 3)

    local phone = world:client { name = "phone" }
    for key, value in pairs(keyed) do
      if value % 20 == 0 then phone:table("todoitem"):insert { text = key, rank = math.random(100) } end
    end
    phone:push()
  end,
}
