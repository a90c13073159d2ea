#!/bin/sh
# The prompt in a run (replay --shell) and the difference of two runs (diff). Usage: replay_test.sh PROGRAM
program=$1
. "$(dirname "$0")/expect.sh"

cat >two.lua <<'LUA'
local sim = require "syncsim"
return sim.world {
  name = "two of them", tables = { note = { title = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", latency = "20 ms", latency_spread = "9 ms" }
    local tablet = world:client { name = "tablet", latency = "20 ms" }
    phone:table("note"):insert { id = "x", title = "a" }
    world:sleep "1 s"
    phone:push()
    tablet:pull "note"
    sim.expect(tablet:table("note"):lookup("x").title):equals "a"
  end,
}
LUA

# shell NAME CODE PATTERN LINE...: these lines at a prompt at half a second
shell() {
    name=$1
    code=$2
    pattern=$3
    shift 3
    printf '%s\n' "$@" >lines
    expect "$name" "$code" "$pattern" sh -c "$program replay two.lua --seed 3 --at 500ms --shell <lines"
}
shell "a prompt opens in the middle" 0 '^at 500 ms, [0-9]* events$' ''
shell "hosts" 0 '^  phone: up, online, 1 queued$' hosts
shell "a queue" 0 '^  1 insert note/x pending, sent 0 times$' 'queue phone'
shell "an empty queue" 0 '^  nothing is queued$' 'queue tablet'
shell "rows of a client" 0 '^    {"id":"x",.*"title":"a"}$' 'rows phone note'
shell "rows of the server" 0 '^    {"id":"x",.*"title":"a"}$' 'run until commit' 'rows server'
shell "a token" 0 '^    {"id":"deltaToken|note|all"' 'run until push_end' 'tablet:pull { table = "note", query_id = "all" }' 'token tablet'
shell "a step shows what happens" 0 '^  1.000000  phone push_begin ' step step
shell "messages on their way" 0 '^  1.02.*  server arrives: request phone -> server, insert note x$' 'run until depart' messages
shell "what is to come" 0 '^  1.000000  world wakes a driver$' coming
shell "a time" 0 '^at 1 s, ' 'run until 1 s'
shell "a time that is over" 0 '^  that is over$' 'run 400 ms'
shell "no such host" 0 "^  there is no client 'phon'$" 'queue phon'
shell "no such event" 0 '^  there was no sunrise$' 'run until sunrise'
shell "to the end" 0 '^passed$' run
shell "a value" 0 '^  1$' 'phone:pending()'
shell "what is set stays" 0 '^  42$' 'x = 21' 'x * 2'
shell "no Lua" 0 "^  line:1: .*near 'Lua'" 'no Lua'
shell "an error" 0 '^  error: line:1: attempt to index a nil value' 'nobody:push()'
shell "an error does not end the run" 0 '^passed$' 'error "x"' run
shell "a verb that waits is waited for" 0 '^  "Complete"$' 'phone:push().status'
shell "help" 0 '^  rows HOST .TABLE. *what a client' help
shell "quit" 0 '^at 500 ms' quit nonsense

shell "something is changed, the run goes on and fails" 1 'expectation failed' 'phone:table("note"):update { id = "x", title = "b" }' run 'save changed.lua'
check "the story has what was said" grep -q 'world:at("0 s 5000000[0-9]* ns", function() phone:table("note"):update { id = "x", title = "b" } end)' changed.lua
expect "the continuation is a story" 0 '^PASS  two of them' "$program" run changed.lua
check "in which the same is sent" sh -c '"$1" run changed.lua --trace jsonl 2>err | grep -q "\"event\":\"commit\".*\"title\":\"b\""' - "$program"
shell "save without a name" 0 '^  save: into which file' save
shell "save where nothing can be" 0 'No such file' 'save no/where.lua'

"$program" run two.lua --seed 3 --trace jsonl >three.jsonl 2>err
expect "a prompt in the run of a trace" 0 '^  phone: up, online, 1 queued$' sh -c "echo hosts | $program replay three.jsonl --at 500ms --shell"
expect "a time before the first" 64 '^syncsim: --at: ' "$program" replay two.lua --shell --at -1s

expect "the same run twice" 0 '^the same [1-9][0-9]* events$' "$program" diff two.lua@seed=3 three.jsonl
expect "two seeds" 1 '^they part at event [1-9][0-9]*$' "$program" diff two.lua@seed=1 two.lua --seed 2
check "both events stand there" [ "$(grep -c '^    {"time"' out)" -eq 2 ]
check "and the queue of who it is" grep -q '^  1 insert note/x attempted, on its way' out
expect "two dialects" 1 '^two.lua@dialect=mobile-apps, server after it:$' "$program" diff two.lua@dialect=sound two.lua@dialect=mobile-apps
expect "a seed without weather" 1 '^they part at event' "$program" diff two.lua@seed=3,calm three.jsonl
expect "one run" 64 'diff takes two runs' "$program" diff two.lua
expect "a setting that is none" 64 "^syncsim: two.lua@sed=3: unknown option '--sed=3'; did you mean '--seed'?" "$program" diff two.lua@sed=3 two.lua
expect "a file that is not there" 64 '^syncsim: one.lua: No such' "$program" diff one.lua two.lua

echo "$checked checks, $failed failed"
[ "$failed" -eq 0 ]
