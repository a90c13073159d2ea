local sim = require "syncsim"

return sim.story {
  name = "two devices book the last seat, and the app's own invariant tells",
  tables = { booking = { seat = "integer", guest = "string" } },
  finds = { checker = "invariant", host = "server" },
  run = function(world)
    world:invariant {
      name = "a seat is booked once",
      check = function(read, where)
        local guests = {}
        for _, row in ipairs(read "booking") do
          if guests[row.seat] then return false, "seat " .. row.seat .. " is booked by " .. guests[row.seat] .. " and " .. row.guest end
          guests[row.seat] = row.guest
        end
        return true
      end,
    }
    local ann = world:client { name = "ann" }
    local bob = world:client { name = "bob" }
    ann:table("booking"):insert { id = "a", seat = 12, guest = "Ann" }
    bob:table("booking"):insert { id = "b", seat = 12, guest = "Bob" }
    ann:push()
    bob:push()
  end,
}
