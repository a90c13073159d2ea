#!/bin/sh
# A crash at every change of a store, in every way: what it visits, what it finds. Usage: crash_test.sh PROGRAM WORLD
program=$1
world=$2
. "$(dirname "$0")/expect.sh"

expect "in sound no crash does harm" 0 '^[1-9][0-9]* points, [1-9][0-9]* crashes, 0 failed; all were visited$' "$program" crash "$world"
check "in every verb, in eight ways" sh -c "awk '\$1 ~ /^(insert|update|delete|push|pull|purge)\$/ && \$2 > 10 && \$3 == 8 * \$2 && \$4 == 0 { found++ } END { exit found != 6 }' out"
check "and hundreds of points" sh -c "awk '/ points, / && \$1 >= 300 { found = 1 } END { exit !found }' out"

# round.lua STORE: a few edits, a push, a pull
round() {
    cat >round.lua <<LUA
local sim = require "syncsim"
return sim.world {
  name = "round", tables = { note = { title = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", store = "$1", policy = "client_wins" }
    phone:table("note"):insert { id = "first", title = "one" }
    phone:push()
    phone:pull { table = "note", query_id = "all" }
    world:settle()
  end,
}
LUA
}
round sqlite
expect "the row and its queue entry are two transactions in mobile-apps" 1 '^durability: note/ROW: after the crash of HOST there is a new row, without an operation that tells the server$' \
    "$program" crash round.lua --dialect mobile-apps -o found.choices
check "a death of the process alone shows it" grep -A1 'there is a new row' out
check "which names its change" sh -c "grep -A1 'there is a new row' out | grep -q '^    phone/disk dies(change [0-9]*) = 1$'"
check "all of them were visited all the same" grep -q '[1-9][0-9]* failed; all were visited$' out
check "its journal comes back with a loss of power" sh -c "grep -A1 'is no longer in the queue' out | grep -q ' = [2-8]$'"
expect "what was found fails again" 1 '^it still fails with: ' "$program" replay found.choices
expect "with another journal it does not come back" 1 'all were visited$' "$program" crash round.lua --dialect mobile-apps
sed 's/^    phone:pull/    phone:restart()\n&/' round.lua >restart.lua
expect "who opens a store again may die of it" 0 ' 0 failed; all were visited$' "$program" crash restart.lua
check "and is followed by another" grep -q '^no call  *[1-9]' out
round memory
expect "a memory store dies at its writes, in one way" 0 ' 0 failed; all were visited$' "$program" crash round.lua
check "one crash a point" sh -c "awk '/ points, / && \$1 > 10 && \$1 == \$3 { found = 1 } END { exit !found }' out"
expect "it stops where it is told to" 5 'stopped: not all of them were visited$' "$program" crash round.lua --runs 5
sed 's/world:client.*/{ table = function() return world.server:table "note" end, push = function() end, pull = function() end }/' round.lua >empty.lua
expect "nothing to crash is no pass" 5 '^0 points, 0 crashes, ' "$program" crash empty.lua
expect "a file is needed" 64 'crash' "$program" crash
expect "one that is there" 64 'nowhere.lua' "$program" crash nowhere.lua
echo 'return sim.world {' >wrong.lua
expect "and is a scenario" 65 '' "$program" crash wrong.lua

echo "$checked checks, $failed failed"
[ "$failed" -eq 0 ]
