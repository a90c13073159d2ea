local sim = require "syncsim"
local story = require "lib.story"
return story(function(world)
  sim.expect(5):equals(5):at_least(5):at_most(5)
  sim.expect({ 1, { a = 2 } }):equals { 1, { a = 2 } }
  sim.expect("buy milk"):contains("milk"):matches("^buy"):has_length(8)
  sim.expect({ { id = "a" }, { id = "b" } }):contains({ id = "b" }):has_length(2)
  sim.expect({ id = "a", text = "x", gone = sim.null }):has { text = "x", gone = sim.null }
  sim.expect(nil):is_nil()
  sim.expect(sim.null):is_nil()
  sim.expect(true):is_true()
  sim.expect(false):is_false()
  sim.fails("state", nil, "why", "state")
  sim.expect({ id = "a", text = "milk", n = 1 }):why("the row"):equals { id = "a", text = "bread", n = 1 } -- error: the row: the values differ:
end)
-- end: state
