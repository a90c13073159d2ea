#!/bin/sh
# Sweeps: results, parts, merges, kills, full disks. Usage: sweep_test.sh PROGRAM
program=$1
. "$(dirname "$0")/expect.sh"

world() {
    cat >"$1" <<LUA
local sim = require "syncsim"
return sim.world {
  name = "$1", tables = { note = { title = "string" } },
  run = function(world)
    world:users { clients = 2, per_user = 8, rows = 5, client = { policy = "client_wins", weather = { net_response_lost = 100 } } }
    world:settle()
  end,
}
LUA
}
world one.lua
world two.lua

# sweep NAME ARGUMENT...: leaves NAME.jsonl, NAME.out and the exit code in $code
sweep() {
    name=$1
    shift
    "$program" sweep one.lua two.lua --dialect mobile-apps -j 2 -o "$name.jsonl" "$@" >"$name.out" 2>"$name.err"
    code=$?
}
merge() {
    "$program" merge -o "$@" >merge.out 2>&1
}

sweep whole --seeds 1..250
case $code in 1 | 2) found=yes ;; *) found=no ;; esac
check "a sweep that finds something says so ($code)" [ $found = yes ]
check "with the canary" grep -qx 'the canary failed, as it must' whole.out
check "500 runs" grep -q '^500 runs, [1-9][0-9]* failed' whole.out
check "a group says how to see it again" grep -q '^  again:  .* run [a-z]*.lua --seed [0-9]* --dialect mobile-apps' whole.out
again=$(sed -n 's/^  again:  //p' whole.out | head -n 1)
check "and that fails" sh -c "! $again >again.out 2>&1"
merge whole.merged whole.jsonl
cp merge.out whole.merge.out

for part in 0 1 2; do
    sweep "part$part" --seeds 1..250 --shard $part/3
done
check "a part is not the whole" grep -q ', part 2 of 3 (--shard)$' part2.out
merge parts.merged part1.jsonl part2.jsonl part0.jsonl
check "parts merge to the whole" cmp -s parts.merged whole.merged
merge some.merged part0.jsonl part1.jsonl
merge more.merged part2.jsonl some.merged
check "in any order and grouping" cmp -s more.merged whole.merged
merge twice.merged more.merged whole.jsonl part1.jsonl
check "and any number of times" cmp -s twice.merged whole.merged

"$program" sweep one.lua two.lua --dialect mobile-apps -j 2 -o killed.jsonl --seeds 1..250 >killed.out 2>&1 &
victim=$!
for _ in $(seq 600); do # until it has written something
    [ -s killed.jsonl ] && break
    sleep 0.1
done
kill -s KILL "$victim"
wait "$victim" 2>/dev/null
printf '{"build":"to' >>killed.jsonl
merge killed.merged killed.jsonl
check "what a killed sweep leaves can be merged" grep -q ', 1 torn$' merge.out
sweep killed --seeds 1..250
check "and it goes on where it was" grep -q 'of them were there already$' killed.out
merge killed.merged killed.jsonl
check "to the same result" cmp -s killed.merged whole.merged

"$program" sweep one.lua --seeds 1..20 --weather lte -o weather.jsonl >plain.out 2>&1
"$program" sweep one.lua --seeds 1..20 --weather swarm -o weather.jsonl >plain.out 2>&1
check "another weather is another sweep" sh -c '! grep -q "were there already" plain.out'
"$program" sweep one.lua --seeds 1..20 --weather lte -o weather.jsonl >plain.out 2>&1
check "the same weather is not" grep -q '^20 of them were there already$' plain.out

"$program" sweep one.lua --seeds 1..20 --weather lte --coverage -o weather.jsonl >counted.out 2>&1
check "a sweep with coverage is another one" sh -c '! grep -q "were there already" counted.out'
check "and prints a table" grep -q '^net.response-lost  *[1-9]' counted.out
merge counted.merged weather.jsonl
check "which merge prints again" grep -q "$(grep '^net.response-lost' counted.out)" merge.out

sed 's/"events":\([0-9]*\)/"events":1\1/' whole.jsonl >other.jsonl
"$program" merge -o other.merged whole.jsonl other.jsonl >merge.out 2>&1
check "results that differ are a lack of determinism" [ $? -eq 3 ]
sed '1s/"seed"/"sead"/' whole.jsonl >bad.jsonl
"$program" merge -o bad.merged bad.jsonl >merge.out 2>&1
check "a bad line is refused" [ $? -eq 65 ]
check "with its place" grep -q "^syncsim: bad.jsonl:1: field 'seed' is missing or wrong" merge.out

(
    trap '' XFSZ
    ulimit -f 16 # half a kilobyte each
    sweep full --seeds 1..50
    exit $code
)
code=$?
check "a full disk is an error ($code)" [ "$code" -eq 70 ]
check "that names the file" grep -q '^syncsim: full.jsonl: ' full.err
merge full.merged full.jsonl
check "and no torn file" grep -q ', 0 torn$' merge.out
ln -s /dev/full device.jsonl
sweep device --seeds 1..50
check "results are a plain file ($code)" [ "$code" -eq 64 ]

"$program" sweep one.lua --dialect mobile-apps --seeds 1..100 >plain.out 2>&1
sed -n 's/^one.lua: //p' plain.out >known
check "there is something to know" [ -s known ]
"$program" sweep one.lua --dialect mobile-apps --seeds 1..100 --baseline known >plain.out 2>&1
code=$?
check "what is known is quarantined ($code)" grep -q '^[1-9][0-9]* failed in known ways only: quarantined' plain.out
check "and does not fail the sweep" [ "$code" -eq 0 ]

cat >sound.lua <<'LUA'
local sim = require "syncsim"
return sim.story {
  name = "fine", tables = { note = { title = "string" } },
  run = function(world) world:client { name = "a" }:table("note"):insert { title = "x" } end,
}
LUA
"$program" sweep one.lua --canary sound.lua >plain.out 2>&1
check "a canary that does not fail ends it" [ $? -eq 70 ]
check "and says why" grep -q '^syncsim: the canary sound.lua did not fail' plain.out

GTEST_SHARD_INDEX=1 GTEST_TOTAL_SHARDS=2 "$program" sweep one.lua --seeds 1..10 >plain.out 2>&1
check "a part from the environment" grep -q ', part 1 of 2 (gtest)$' plain.out
SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=5 SLURM_ARRAY_TASK_COUNT=3 "$program" sweep one.lua --seeds 1..10 >plain.out 2>&1
check "a Slurm array that begins at 5" grep -q ', part 2 of 3 (Slurm array)$' plain.out
CI_NODE_INDEX=1 CI_NODE_TOTAL=4 "$program" sweep one.lua --seeds 1..10 >plain.out 2>&1
check "CI nodes count from 1" grep -q ', part 0 of 4 (CI node)$' plain.out
GTEST_SHARD_INDEX=2 GTEST_TOTAL_SHARDS=2 "$program" sweep one.lua >plain.out 2>&1
check "a part that can't be" [ $? -eq 64 ]

begin=$(date +%s)
"$program" sweep one.lua --time 2s >plain.out 2>&1
end=$(date +%s)
check "a time is kept ($((end - begin)) s)" [ $((end - begin)) -le 8 ]
check "and what was done counts" grep -q '^[1-9][0-9]* runs, ' plain.out

echo "$checked checks, $failed failed"
[ "$failed" -eq 0 ]
