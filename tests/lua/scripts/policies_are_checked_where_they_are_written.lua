local sim = require "syncsim"
local story = require "lib.story"
return story(function(world)
  local function try(policy) print((select(2, pcall(function() world:client { name = "a", dialect = "sound", policy = policy } end)):gsub("^[^:]*:%d+: ", ""))) end
  try { "field_marge" } -- expect: client.policy: unknown policy 'field_marge': did you mean 'field_merge'?
  try { "field_merge", colums = {} } -- expect: client.policy: unknown key 'colums': did you mean 'columns'?
  try { "field_merge", columns = { text = "countr" } } -- expect: client.policy.columns.text: unknown field policy 'countr': did you mean 'counter'?
  try { "field_merge", columns = { txt = "lww" } } -- expect: client.policy: table todoitem has no column 'txt'
  try { "field_merge", groups = { { "text", "pice" } } } -- expect: client.policy: table todoitem has no column 'pice'
  try { "field_merge", columns = { qty = { "sum_bounded", low = 0 } } } -- expect: client.policy.columns.qty: the key 'high' is required
  try { "field_merge", columns = { qty = { "counter", low = 5, high = 1 } } } -- expect: client.policy.columns.qty: low is above high
  try { "latest_wins", clock = "atomic" } -- expect: client.policy.clock: unknown value 'atomic'; one of: edit, wall, hlc, lamport, server
  try { "server_wins", clock = "hlc" } -- expect: client.policy: unknown key 'clock'
  try { "chain" } -- expect: client.policy: takes 1 policy or more
  try { "audit", { "chain", { "field_merge", columns = { no = "lww" } } } } -- expect: client.policy: table todoitem has no column 'no'
  try { "limit", "client_wins", rounds = 3 } -- expect: client.policy: takes 2 policies
  try { todoitem = 7 } -- expect: client.policy.todoitem: takes the name of a policy, { name, ... } or a function, not a number
  try { { "chain", "fail" } } -- expect: client.policy: begins with the name of a policy, not a table
  local policy = sim.policy { "chain", "fail", { "delete_wins", otherwise = "keep_both" } }
  print(tostring(policy)) -- expect: policy chain
  world:client { name = "b", dialect = "sound", policy = policy }
  world:client { name = "c", dialect = "sound", policy = { todoitem = policy } }
  world.server:table("todoitem"):insert { id = "x", text = "work" }
end)
