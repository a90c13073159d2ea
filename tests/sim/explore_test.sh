#!/bin/sh
# Searches over faults and orders of events: what they find, what they say that they did. Usage: explore_test.sh PROGRAM
program=$1
. "$(dirname "$0")/expect.sh"

# race FILE LATENCY LINES: two phones, 20 ms and LATENCY from the server; LINES stand behind
race() {
    cat >"$1" <<LUA
local sim = require "syncsim"
return sim.world {
  name = "race", tables = { note = { title = "string" } },
  run = function(world)
    local a = world:client { name = "a", policy = "client_wins", latency = "20 ms" }
    local b = world:client { name = "b", policy = "client_wins", latency = "$2" }
    local seen = ""
    world:together {
      function() a:table("note"):insert { id = "x", title = "a" } a:push() seen = seen .. "a" end,
      function() b:table("note"):insert { id = "y", title = "b" } b:push() seen = seen .. "b" end,
    }
    world:settle()
    $3
  end,
}
LUA
}
kinds() { # of failure, without the choices that show each
    grep -v '^with \|^  \|^left out\|runs in all\|^that is all\|^wrote' out | sort -u
}

race race.lua "25 ms" 'sim.expect(seen):equals "ab"'
expect "in order of time nothing is wrong" 0 '^that is all: no run has a choice left' "$program" explore race.lua --schedules --labels overtakes --faults 8
check "each pair was tried alone" grep -q '^with one choice: [1-9][0-9]* runs, 0 failed' out
check "what was left out stands there" grep -q '^left out: .*orders of events more than 0 ns apart' out
expect "within 20 ms another order is found" 1 '^with one choice: [0-9]* runs, [1-9]' "$program" explore race.lua --window 20ms --labels overtakes -o race.choices
check "the choice is one of order" grep -q '^    world/order overtakes(event [0-9]*, by [0-9]*) = 1$' out
check "the reproduction says its window" grep -qx 'window 20000000 ns' race.choices
expect "it is run again" 1 '^it still fails with: failed: race.lua' "$program" replay race.choices
expect "and made small" 0 'became 1 choices' "$program" shrink race.choices -o small
expect "what is small fails likewise" 1 '^it still fails with: failed: race.lua' "$program" replay small.choices
expect "without that window nothing is asked for" 0 '^not asked for any more: world/order overtakes' sh -c "sed 's/^window .*/window 0 ns/' race.choices >no.choices; $program replay no.choices"

cat >order.lua <<'LUA'
local sim = require "syncsim"
return sim.world {
  name = "order", tables = { note = { title = "string" } },
  run = function(world)
    local a = world:client { name = "a", policy = "client_wins", latency = "20 ms" }
    local b = world:client { name = "b", policy = "client_wins", latency = "25 ms" }
    a:table("note"):insert { id = "x", title = "a" }
    b:table("note"):insert { id = "y", title = "b" }
    world:together { function() a:push() end, function() b:push() end }
    sim.expect(world.server:table("note"):lookup("x").version < world.server:table("note"):lookup("y").version):is_true()
  end,
}
LUA
expect "an order in which the second comes first" 1 'expectation failed' "$program" explore order.lua --window 20ms --labels overtakes -o order.choices
expect "it becomes a story" 0 '^wrote order-story.lua, a story of 5 verbs and 2 clients' "$program" shrink order.choices -o order-story
check "that says its window" grep -qx '      window = "20 ms",' order-story.lua
expect "it fails likewise" 1 'expectation failed: expected true, got false' "$program" run order-story.lua
sed '/sim.choose {/,/^    }/d' order-story.lua >order-calm.lua
expect "and passes in order of time" 0 '^PASS' "$program" run order-calm.lua
sed 's/window = /windows = /' order-story.lua >order-bad.lua
expect "another key" 65 "choose: unknown key 'windows': did you mean 'window'" "$program" run order-bad.lua

# states: the same failures, with and without
cut=0
for lines in 'sim.expect(seen):equals "ab"' 'sim.expect(world.server:table("note"):count()):equals(2)' 'local seen_again = seen'; do
    race states.lua "20 ms" "$lines"
    for dialect in sound mobile-apps; do
        "$program" explore states.lua --window 5ms --faults 2 --dialect "$dialect" >out 2>err
        kinds >pruned
        cut=$((cut + $(awk '{ for (i = 1; i <= NF; i++) if ($i == "were") n += $(i - 1) } END { print n + 0 }' out)))
        grep '^with ' out | sed 's/, [0-9]* were cut.*//' >pruned.counts
        "$program" explore states.lua --window 5ms --faults 2 --dialect "$dialect" --whole-runs >out 2>err
        kinds >whole
        grep '^with ' out >whole.counts
        check "$dialect: $lines: the same kinds of failure" cmp pruned whole
        check "$dialect: $lines: as many runs and failures" cmp pruned.counts whole.counts
    done
done
check "and some were cut short ($cut)" [ "$cut" -gt 0 ]

# what is too big to be enumerated
race race.lua "25 ms" 'sim.expect(seen):equals "ab"'
expect "random orders find it" 1 '^100 random orders of depth 2, [1-9][0-9]* failed; ' "$program" explore race.lua --pct 2 --window 20ms --runs 100 -o pct.choices
check "with the chance that they have" grep -q '^an order that needs 2 events .* at least 1 in [0-9]* \* [0-9]*^1$' out
cp out first
expect "what they found is run again" 1 '^it still fails with: failed: race.lua' "$program" replay pct.choices
"$program" explore race.lua --pct 2 --window 20ms --runs 100 -o pct.choices >out 2>err
check "and the next time they are the same" cmp out first
expect "events that are too far apart keep their order" 0 '^50 random orders of depth 3, 0 failed' "$program" explore race.lua --pct 3 --window 1ms --runs 50
cat >lost.lua <<'LUA'
local sim = require "syncsim"
return sim.world {
  name = "lost", tables = { note = { title = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", policy = "client_wins" }
    for i = 1, 6 do
      phone:table("note"):insert { id = "n" .. i, title = "x" }
      phone:push()
    end
    local waiting = phone:pending()
    world:settle()
    sim.expect(waiting < 2):equals(true)
  end,
}
LUA
expect "guided by coverage" 1 '^200 runs, [1-9][0-9]* failed; [0-9]* shapes of behaviour' "$program" explore lost.lua --guided --runs 200 -o guided.choices
cp out first
expect "what that found is run again" 1 '^it still fails with: failed: lost.lua' "$program" replay guided.choices
"$program" explore lost.lua --guided --runs 200 -o guided.choices >out 2>err
check "and the next time it is the same" cmp out first
expect "a depth that is none" 64 '^syncsim: --pct: ' "$program" explore race.lua --pct 0

expect "a window that is none" 64 "^syncsim: --window: " "$program" explore race.lua --window 10
expect "a limit of runs" 1 '^with two choices: [0-9]* runs, [0-9]* failed (not all of them: stopped)$' "$program" explore race.lua --schedules --faults 3 --labels request-lost,response-lost,latency,overtakes --runs 14
check "what was not begun is no number" grep -qx 'more than 2: not begun' out

# time limits, kept while one run is under way
cat >long.lua <<'LUA'
local sim = require "syncsim"
return sim.world {
  name = "long", tables = { note = { title = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", policy = "client_wins" }
    for i = 1, 40000 do
      phone:table("note"):insert { id = "n" .. i, title = "x" }
      phone:push()
    end
  end,
}
LUA
began=$(date +%s)
expect "a time limit" 124 '^with no fault: [01] runs, 0 failed' "$program" explore long.lua --faults 2 --time-limit 1
expect "of a guided search" 124 ' runs, 0 failed; ' "$program" explore long.lua --guided --time-limit 1
expect "of random orders" 124 ' random orders of depth 2, 0 failed' "$program" explore long.lua --pct 2 --time-limit 1
took=$(($(date +%s) - began))
check "all three together took $took s" [ "$took" -le 9 ]

echo "$checked checks, $failed failed"
[ "$failed" -eq 0 ]
