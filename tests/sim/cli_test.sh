#!/bin/sh
# What a user of the command line sees: exit codes, messages, files. Usage: cli_test.sh PROGRAM SCENARIOS
program=$1
scenarios=$2
. "$(dirname "$0")/expect.sh"

# story FILE BODY: a story with a phone that runs these lines
story() {
    mkdir -p "$(dirname "$1")"
    cat >"$1" <<LUA
local sim = require "syncsim"
return sim.story {
  name = "$(basename "$1" .lua)",
  tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    $2
  end,
}
LUA
}

insert='phone:table("todoitem"):insert { id = "a", text = "milk" }'
story good.lua "$insert
    sim.expect(phone:push().status):equals \"Complete\"
    sim.expect(world.server:table(\"todoitem\"):count()):equals(1)"
story wrong.lua "$insert
    phone:push()
    sim.expect(world.server:table(\"todoitem\"):count()):equals(2)"
story idle.lua ''
story raises.lua "$insert
    local nothing
    print(nothing.field)"
story endless.lua "$insert
    while true do world:sleep \"1 us\" end"

cat >stormy.lua <<'END'
local sim = require "syncsim"
return sim.world {
  name = "stormy", tables = { todoitem = { text = "string" } },
  run = function(world)
    world:users { clients = 2, per_user = 6, within = "10 min", rows = 4, crashes = 2, outages = { every = "1 min", lasting = "1 min" },
      mix = { insert = 1, update = 3, sync = 2 }, client = { weather = { net_request_lost = 300, net_response_lost = 300 } } }
    world:settle()
  end,
}
END

# -- usage --
expect "version" 0 'Lua 5\.4.*SQLite 3\.' "$program" --version
expect "help" 0 'syncsim run FILE' "$program" --help
expect "help of a command" 0 '--seeds A..B' "$program" test --help
expect "no command" 64 'syncsim run FILE' "$program"
expect "a closed form" 0 "1 passed, 0 failed, 0 skipped" "$program" selftest --theory --form V2 --samples 200
expect "an unknown form" 64 "syncsim: --form W1: there is no such form; did you mean 'V1'?" "$program" selftest --theory --form W1
expect "an unknown parameter" 64 "syncsim: --set Q=7: V1 has no such parameter" "$program" selftest --theory --form V1 --set Q=7
expect "no number" 64 "syncsim: --set N=x: not of the form NAME=NUMBER" "$program" selftest --theory --form V1 --set N=x
expect "out of range" 64 "syncsim: V1: N is between 2 and 200, not 1" "$program" selftest --theory --form V1 --set N=1
expect "unknown command" 64 "unknown command 'rnu'; did you mean 'run'?" "$program" rnu good.lua
expect "unknown option" 64 "unknown option '--sede'; did you mean '--seed'?" "$program" run good.lua --sede 5
expect "unknown option of another command" 64 "unknown option '--junit'" "$program" run good.lua --junit x
expect "serve without a file" 64 "serve takes one file" "$program" serve
expect "serve of a folder" 64 "is a folder; serve takes one file" "$program" serve "$scenarios"
expect "serve of what is not there" 64 "nothing.lua: No such file" "$program" serve nothing.lua
expect "serve in unknown weather" 64 "unknown weather 'stormi'; did you mean 'stormy'?" "$program" serve good.lua --weather stormi
expect "serve on a port that is none" 64 "'70000' is too large, the limit is 65535" "$program" serve good.lua --port 70000
expect "serve for other machines" 64 "to do so all the same: --unsafe-bind 0.0.0.0" "$program" serve good.lua --port 0 --bind 0.0.0.0
expect "serve on no address" 64 "'home' is no address" "$program" serve good.lua --port 0 --unsafe-bind home
printf 'this is a letter and no database, which is long enough to be one\n%.0s' $(seq 100) >letter.txt
expect "serve of a letter" 64 "letter.txt is no database of ours" "$program" serve good.lua --port 0 --db letter.txt
printf 'local x = = 1\n' >broken_serve.lua
expect "serve of a broken file" 65 "broken_serve.lua:1:" "$program" serve broken_serve.lua
expect "no file" 64 'run takes one file' "$program" run
expect "missing file" 64 'syncsim: missing.lua: ' "$program" run missing.lua
expect "missing path" 64 'syncsim: missing: ' "$program" test missing
expect "a folder to run" 64 'syncsim: \.: ' "$program" run .
expect "seed is a word" 64 "seed: 'abc' is not a whole number" "$program" run good.lua --seed abc
expect "seed with a tail" 64 "'1x' is not a whole number" "$program" run good.lua --seed=1x
expect "seed is negative" 64 "'-1' is not a whole number" "$program" run good.lua --seed -1
expect "seed too large" 64 'too large' "$program" run good.lua --seed 99999999999999999999
expect "seed is nothing" 64 'seed needs a value' "$program" run good.lua --seed
expect "seed 0" 64 '1 or more' "$program" run good.lua --seed 0
expect "seeds backwards" 64 'ends before it begins' "$program" test good.lua --seeds 5..2
expect "seeds no range" 64 'is not a range' "$program" test good.lua --seeds 5
expect "no jobs" 64 '1 or more' "$program" test good.lua -j0
expect "unknown dialect" 64 "unknown dialect 'sond'; did you mean 'sound'?" "$program" run good.lua --dialect sond
expect "unknown server" 64 "unknown server dialect 'netfy'; did you mean 'netfx'?" "$program" run good.lua --server netfy
expect "unknown form of trace" 64 "did you mean 'jsonl'?" "$program" run good.lua --trace json
expect "a switch with a value" 64 'takes no value' "$program" run good.lua --calm=1

# -- dialects --
expect "dialects side by side" 0 '^token_kind  *7.9  *time ge  *time gt' "$program" dialects mobile-apps datasync
expect "dialects where they differ" 0 '^field' "$program" dialects mobile-apps mobile-services
expect "a field in which they agree" 0 '^agreed' sh -c "'$program' dialects mobile-apps mobile-services | grep token_kind || echo agreed"
expect "one dialect" 0 '^collapse: insert pending, delete  *5.2  *vanish' "$program" dialects mobile-apps
expect "all dialects" 0 '^status_deleted  *2.3  *404' "$program" dialects
expect "an unknown dialect to print" 64 "unknown dialect 'sond'; did you mean 'sound'?" "$program" dialects mobile-apps sond
expect "a client and a server" 64 'no fields in common' "$program" dialects mobile-apps-js node

# -- a matrix of dialects --
cat > matrix.lua <<'END'
local sim = require "syncsim"
return sim.story {
  name = "once each", tables = { note = { text = "string" } },
  dialects = { "mobile-apps", { client = "mobile-apps-js", server = "netfx" }, "sound" },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:table("note"):insert { id = "a", text = world:dialect() }
    phone:push()
    sim.expect(world.server:table("note"):lookup("a").text):equals(world:dialect() == "sound" and "no" or world:dialect())
  end,
}
END
expect "a run for each dialect, the worst counts" 1 '^2 passed, 1 failed' "$program" test matrix.lua -j2 --junit matrix.xml
expect "a line for each pair" 1 '^PASS  once each \[mobile-apps-js, netfx\]' "$program" test matrix.lua -j2
expect "the one that fails can be repeated" 1 'again: .* run matrix.lua --seed 1 --dialect sound$' "$program" test matrix.lua -j2
expect "JUnit has a case for each" 0 '3' sh -c "grep -c '<testcase.*once each .mobile\|<testcase.*once each .sound' matrix.xml"
expect "dialects from the command line" 0 '^2 passed' "$program" test matrix.lua --dialect datasync,toolkit
expect "all of them, over a scenario that names none" 0 '^1[0-9] passed' "$program" test good.lua --dialect all -j2
expect "run takes the first" 0 '^PASS  once each .mobile-apps' "$program" run matrix.lua
expect "run takes one" 64 'only test takes several' "$program" run matrix.lua --dialect datasync,toolkit
expect "an unknown one among several" 64 "unknown dialect 'sond'; did you mean 'sound'?" "$program" test matrix.lua --dialect datasync,sond
sed 's/"sound" }/"sond" }/' matrix.lua > matrix2.lua
expect "an unknown one in a scenario" 65 "sond" "$program" test matrix2.lua

# -- weather --
expect "a stormy world" 0 '[1-9][0-9]* faults, [1-9][0-9]* crashes' "$program" run stormy.lua
expect "a calm world has users and no weather" 0 '[1-9][0-9]* operations.* 0 faults, 0 crashes' "$program" run stormy.lua --calm

expect "the weathers" 0 '^  lte  *70 ms there and back' "$program" weather
check "the knobs" grep -q '^  net.request-lost  *per mille  *0..1000  *5..200  *tolerated  requests that' out
check "a breach" grep -q '^  server.restored  .* breach  ' out
expect "the dials of a weather" 0 '^  net.latency-tail = 35 ms' "$program" weather lte
expect "the dials that swarm draws" 0 '^swarm, seed 7' "$program" weather swarm --seed 7
grep '^  ' out >dials
expect "an unknown weather" 64 "unknown weather 'ltee'; did you mean 'lte'?" "$program" weather ltee
expect "a run says them first" 0 '^weather:' "$program" run stormy.lua --weather swarm --seed 7
sed -n '/^weather:/,/^PASS/p' out | grep '^  net\|^  host\|^  server\|^  disk' | grep -v ' operations, ' >said
check "the same ones" cmp dials said
expect "a story is exempt" 0 '^weather: a story is exempt' "$program" run good.lua --weather swarm
sed 's/world:settle()/sim.expect(1):equals(2)/' stormy.lua >stormy_wrong.lua
mkdir mixed
cp good.lua stormy.lua mixed
sed 's/name = "phone"/name = "phone", dialect = "sound"/; s/  run = /  server = { dialect = "sound" }, run = /' good.lua >mixed/named.lua
expect "stories are counted as exempt" 0 '^3 passed, 0 failed, 0 skipped, 2 stories exempt$' "$program" test mixed --weather calm --seeds 1..1
expect "from a knob too" 0 ' 2 stories exempt$' "$program" test mixed --set net.portal=0 --seeds 1..1
expect "from dialects those that name theirs" 0 ' 1 stories exempt$' "$program" test mixed --dialect sound --seeds 1..1
expect "from none when none is asked" 0 ' skipped$' "$program" test mixed --seeds 1..1
expect "a finding says them" 1 '^  weather:  .*, ' "$program" test stormy_wrong.lua --weather swarm --seeds 1..1

# -- what does not come to rest --
story stuck.lua "world.server:table(\"todoitem\"):insert { id = \"a\", text = \"theirs\" }
    $insert
    phone:push()
    world:settle()"
expect "an operation that nobody resolves" 2 'todoitem/a: pending operation (stuck queue)' "$program" run stuck.lua
cat >gone.lua <<'END'
local sim = require "syncsim"
return sim.story {
  name = "gone", tables = { todoitem = { columns = { text = "string" }, soft_delete = false } },
  run = function(world)
    local phone = world:client { name = "phone" }
    world.server:table("todoitem"):insert { id = "a", text = "milk" }
    phone:pull { table = "todoitem", query_id = "all" }
    world.server:table("todoitem"):delete "a"
    world:settle()
  end,
}
END
expect "a row that nobody removes" 2 'todoitem/a: only on the client (permanent divergence)' "$program" run gone.lua
cat >restless.lua <<'END'
local sim = require "syncsim"
return sim.story {
  name = "restless", tables = { todoitem = { text = "string" } },
  run = function(world)
    local function again(name)
      local client, count = nil, 0
      client = world:client { name = name, dialect = "sound", policy = "client_wins", on_push_complete = function()
        count = count + 1
        client:table("todoitem"):update { id = "a", text = name .. count }
      end }
      return client
    end
    local phone, tablet = again "phone", again "tablet"
    world.server:table("todoitem"):insert { id = "a", text = "first" }
    phone:pull "todoitem"
    tablet:pull "todoitem"
    phone:push()
    tablet:push()
    local good, message, code = world:settle()
    sim.expect(code):equals "limit"
  end,
}
END
expect "two who undo each other" 1 'todoitem/a: .*(ping-pong between .* and ' "$program" run restless.lua
cat >slow.lua <<'END'
local sim = require "syncsim"
return sim.story {
  name = "slow", tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", policy = function() world:sleep "8 d" return "client" end }
    world.server:table("todoitem"):insert { id = "a", text = "theirs" }
    phone:table("todoitem"):insert { id = "a", text = "ours" }
    local good, message, code = world:settle()
    sim.expect(code):equals "limit"
  end,
}
END
expect "a push that takes too long" 2 'phone after everything was healed, todoitem/a: pending operation (slow)' "$program" run slow.lua

# -- what must happen sometimes --
sometimes() { # sometimes FILE BODY LINE: a world with that line in its file, and these in its driver
    cat >"$1" <<LUA
local sim = require "syncsim"
$3
return sim.world {
  name = "$1", tables = { todoitem = { text = "string" } },
  run = function(world)
    world:users { clients = 2, per_user = 6, within = "10 min", rows = 4, client = { weather = { net_response_lost = 200 } } }
    $2
  end,
}
LUA
}
sometimes lost.lua 'sim.sometimes("nine operations or more", world:counts().operations >= 9)' 'sim.sometimes "a response was lost after the commit"'
sometimes never.lua 'sim.sometimes "a clock was changed"' 'sim.sometimes "a response was lost after the commit"'
sometimes wrong_condition.lua 'sim.sometimes("pigs fly", false)' ''
sometimes misspelled.lua '' 'sim.sometimes "a request was losst"'
sometimes early.lua '' 'sim.sometimes("it is early", true)'
expect "what happens in some seed is covered" 0 '^1 passed, 0 failed' "$program" test lost.lua --seeds 1..20
expect "a sweep too" 0 '^20 runs, 0 failed' "$program" sweep lost.lua --seeds 1..20
expect "what never happens is not" 6 '^  never in 20 runs: a clock was changed' "$program" test never.lua --seeds 1..20 --junit never.xml
check "and is a failure of its own" grep -q 'not covered' never.xml
expect "nor in a sweep" 6 '^never.lua: never in 20 runs: a clock was changed' "$program" sweep never.lua --seeds 1..20 -o never.jsonl
check "which says nothing of what did happen" sh -c '! grep -q "after the commit" out'
expect "nor when it goes on" 6 'never in 30 runs: a clock was changed' "$program" sweep never.lua --seeds 1..30 -o never.jsonl
expect "merge says it" 0 'never in 30 runs: a clock was changed' "$program" merge never.jsonl -o never.merged
expect "a condition that never holds" 6 'never in 3 runs: pigs fly' "$program" sweep wrong_condition.lua --seeds 1..3
expect "one run is no sweep" 0 '^not in this run: pigs fly' "$program" run wrong_condition.lua
expect "calm weather loses nothing" 6 'never in 20 runs: a response was lost after the commit' "$program" test lost.lua --seeds 1..20 --calm
story answer_to_a_pull.lua "sim.sometimes \"a response was lost\"
    sim.sometimes \"a response was lost after the commit\"
    world:link(phone):drop_next { what = \"response\" }
    phone:pull \"todoitem\""
expect "a lost answer that committed nothing" 6 'never in 1 runs: a response was lost after the commit' "$program" test answer_to_a_pull.lua
check "is lost all the same" sh -c '! grep -q "a response was lost$" out'
expect "an unknown class" 65 "misspelled.lua:2: sometimes: .*'a request was losst'; did you mean 'a request was lost'?" "$program" run misspelled.lua
expect "a condition outside of a driver" 65 'early.lua:2: sometimes: conditions are told in drivers' "$program" run early.lua

# -- coverage --
cat >notified.lua <<'END'
local sim = require "syncsim"
return sim.world {
  name = "notified", tables = { todoitem = { text = "string" } }, server = { notify = true },
  run = function(world)
    world:users { clients = 3, per_user = 20, within = "20 min", rows = 4, mix = { insert = 2, update = 3, delete = 1, sync = 3 },
      client = { policy = "client_wins", pull_on_notice = true, store = "sqlite" } }
    world:settle()
  end,
}
END
expect "coverage of a run" 0 '^fault  *offered  *fired  *mattered$' "$program" run stormy.lua --coverage
check "what fired" grep -q '^net.request-lost  *[1-9][0-9]*  *[1-9][0-9]*  *[01]$' out
check "what was never offered" grep -q '^server.restored  *0  *0  *0$' out
"$program" run stormy.lua >plain
check "the run is the one without" grep -q "$(grep '^[0-9]* events' plain)" out
expect "a calm run is offered nothing" 0 '^net.request-lost  *0  *0  *0$' "$program" run stormy.lua --coverage --calm
"$program" test notified.lua --weather swarm --breaches --seeds 1..80 --coverage >covered 2>&1
check "each knob that is a fault comes in some seed" sh -c "grep '^[a-z]*\\.[a-z-]*  ' covered | awk '\$2 == 0 { print; bad = 1 } END { exit bad || NR < 40 }'"
check "many of them matter" sh -c "grep '^net\\.[a-z-]*  ' covered | awk '\$4 > 0 { n++ } END { exit n < 15 }'"
"$program" sweep notified.lua --weather swarm --breaches --seeds 1..80 --coverage >swept 2>&1
check "a sweep counts the same" sh -c "grep '^[a-z]*\\.[a-z-]*  ' covered >a; grep '^[a-z]*\\.[a-z-]*  ' swept | cmp a -"

# -- standard streams --
if [ -w /dev/full ]; then
    expect "help to a full device" 70 "can't be written" sh -c "$program --help >/dev/full"
    expect "a report to a full device" 70 "can't be written" sh -c "$program run good.lua >/dev/full"
    expect "a trace to a full device" 70 "can't be written" sh -c "$program run good.lua --trace jsonl >/dev/full"
fi
expect "a suite without standard streams" 0 'ended with 70' sh -c "($program test good.lua <&- >&- 2>&-); echo ended with \$?"
expect "JUnit that can't be written is said first" 64 '^syncsim: nowhere/x.xml: ' "$program" test good.lua --junit nowhere/x.xml
check "and nothing was run" sh -c '! grep -q PASS out'
expect "a file without an end" 65 '^syncsim: /dev/zero: is larger than' "$program" run /dev/zero

# -- bad scenarios: one line that names file and line --
printf 'local sim = require "syncsim"\n\nreturn sim.story { name = \n' >syntax.lua
expect "syntax error" 65 '^syncsim: .*syntax\.lua:[34]: ' "$program" run syntax.lua
cat >key.lua <<'LUA'
local sim = require "syncsim"
return sim.story {
  name = "a key that is none",
  tabels = { todoitem = { text = "string" } },
  run = function(world) end,
}
LUA
expect "unknown key" 65 "^syncsim: .*key\.lua:2: .*did you mean.*tables" "$program" run key.lua
sed 's/tabels = .*/tables = 5,/' key.lua >type.lua
expect "wrong type" 65 '^syncsim: .*type\.lua:2: ' "$program" run type.lua
sed 's/tabels = .*/tables = { todoitem = { text = "strnig" } },/' key.lua >column.lua
expect "unknown type of a column" 65 '^syncsim: .*column\.lua:2: .*strnig' "$program" run column.lua
story dialect.lua 'world:client { name = "x", dialect = "sond" }'
expect "unknown dialect in a scenario" 65 "dialect\.lua:7: .*sond" "$program" run dialect.lua
story verb.lua 'phone:pusj()'
expect "unknown verb" 65 'verb\.lua:7: ' "$program" run verb.lua
printf 'require "b"\nreturn {}\n' >a.lua
printf 'require "a"\nreturn {}\n' >b.lua
printf 'local sim = require "syncsim"\nrequire "a"\nreturn sim.story {}\n' >cycle.lua
printf 'return %s' "$(printf '%500s' | tr ' ' '(')" >deep.lua
expect "brackets that are nested too deeply" 65 '^syncsim: .*deep\.lua: too many brackets' "$program" run deep.lua
printf 'error("\\27[31mred\\u{9b}1m")\n' >steer.lua
expect "an error does not steer the terminal" 65 '^syncsim: .*steer\.lua:1: ?\[31mred??1m$' "$program" run steer.lua
cat > cell.lua <<'LUA'
local sim = require "syncsim"
return sim.story {
  name = "a cell", tables = { todoitem = { text = "string" } },
  run = function(world)
    local phone = world:client { name = "phone" }
    phone:table("todoitem"):insert { id = "milk", text = "oat" }
    phone:push()
    sim.expect(phone:table("todoitem"):lookup("milk").text):equals "oat"
  end,
}
LUA
expect "the life of a cell" 0 'phone      writes "oat": edit 2' "$program" blame cell.lua --cell milk.text
expect "whether a row is there" 0 'edit 1 of phone: effective' "$program" blame cell.lua --cell milk
expect "the ledger of a run" 0 '^2 edits: 2 effective$' "$program" blame cell.lua --cell milk.text
expect "a cell to which nothing happened" 64 "nothing ever happened to 'bread.text'" "$program" blame cell.lua --cell bread.text
expect "no cell" 64 '^syncsim: blame: --cell ROW.FIELD' "$program" blame cell.lua
expect "a history for Elle" 0 '^seed 1$' "$program" run cell.lua --elle history.edn
check "it has the write" grep -q ':type :ok, .*:w "todoitem/milk.text" 2' history.edn
expect "a table of metrics" 0 '^  lu  .*/1000 edits' "$program" run cell.lua --metrics
expect "metrics as JSON" 0 '"metrics":{"lu":{"value":[0-9.]*,"unit":"/1000 edits",' "$program" run cell.lua --metrics-json -
expect "metrics that cannot be written" 64 '^syncsim: --metrics-json: /proc/nothere/x: ' "$program" run cell.lua --metrics-json /proc/nothere/x
expect "measuring changes nothing" 0 "$("$program" run cell.lua | grep 'events, trace')" "$program" run cell.lua --metrics
expect "a history that cannot be written" 64 '^syncsim: --elle: /proc/nothere/x: ' "$program" run cell.lua --elle /proc/nothere/x
expect "a HAR file that cannot be written" 64 '^syncsim: --har: /proc/nothere/x\.har: ' "$program" run syntax.lua --har /proc/nothere/x.har
expect "cyclic require" 65 '^syncsim: .*\.lua:[12]: .*\(cycl\|circ\|loop\|itself\)' "$program" run cycle.lua
printf 'require "nowhere"\nreturn {}\n' >nowhere.lua
expect "missing module" 65 '^syncsim: .*nowhere\.lua:1: ' "$program" run nowhere.lua
printf 'return {}\n' >helper.lua
expect "no scenario" 65 '^syncsim: helper\.lua:1: ' "$program" run helper.lua
printf 'x = "\377\0\1' >bytes.lua
expect "bytes" 65 '^syncsim: .*bytes\.lua:1: ' "$program" run bytes.lua
expect "an empty file" 65 '^syncsim: empty\.lua:1: ' sh -c ': > empty.lua; '"$program"' run empty.lua'

# -- verdicts --
expect "a story that passes" 0 '^PASS  good' "$program" run good.lua
check "the seed comes first and last" sh -c 'sed -n 2p out | grep -qx "seed 1" && tail -n 1 out | grep -qx "seed 1"'
expect "a failed expectation" 1 '^FAIL  wrong' "$program" run wrong.lua
check "the difference is shown" grep -q '2' out
check "a chart is shown" grep -q -e '---- insert a ---->' out
again=$(sed -n 's/^ *again:  //p' out)
expect "the line that repeats it does" 1 '^FAIL  wrong' sh -c "$again"
expect "nothing was done" 5 'nothing was done' "$program" run idle.lua
expect "a scenario that raises" 65 'raises\.lua:[89]: ' "$program" run raises.lua
story busy.lua "$insert
    while true do end"
expect "a time limit in the middle of Lua" 124 'stopped: time limit reached' "$program" run busy.lua --time-limit 1
expect "time limit" 124 'time limit' "$program" run endless.lua --time-limit 1

# -- trace --
"$program" run good.lua --trace jsonl >one.jsonl 2>report
check "the report is on standard error" grep -q '^PASS  good' report
check "the trace has lines of JSON" sh -c 'test -s one.jsonl && ! grep -qv "^{.*}$" one.jsonl'
"$program" run good.lua --trace jsonl >two.jsonl 2>report
check "two traces are the same" cmp -s one.jsonl two.jsonl
expect "verified" 0 'verified' "$program" run good.lua --verify
expect "replay of a trace" 0 '^the same [1-9][0-9]* events$' "$program" replay one.jsonl
check "a trace of a replay is the same trace" sh -c '"$1" replay one.jsonl --trace jsonl 2>err | cmp -s - one.jsonl' - "$program"
head -c 500 one.jsonl >cut.jsonl
expect "a trace that was cut off" 65 '^syncsim: cut.jsonl: the trace has no end: it was cut off after event [0-9]*$' "$program" replay cut.jsonl
sed '$d' one.jsonl >cut.jsonl
expect "a trace without its last line" 65 '^syncsim: cut.jsonl: the trace has no end' "$program" replay cut.jsonl
sed '1d' one.jsonl >cut.jsonl
expect "a trace without its first line" 65 '^syncsim: cut.jsonl: line 1: not the head of a trace' "$program" replay cut.jsonl
sed '4s/"host"/"hast"/' one.jsonl >cut.jsonl
expect "a trace that was changed" 65 '^syncsim: cut.jsonl: the trace was changed: ' "$program" replay cut.jsonl
sed '4s/.*/?/' one.jsonl >cut.jsonl
expect "a trace with a line that is none" 65 '^syncsim: cut.jsonl: line 4: not an event' "$program" replay cut.jsonl
cp good.lua kept.lua
sed 's/"milk"/"soy milk"/' kept.lua >good.lua
expect "a trace of a program that changed" 3 '^the program changed under the trace: event [1-9][0-9]* differs$' "$program" replay one.jsonl
check "says what was expected" grep -q '^  expected: {.*"milk"' out
check "and what came" grep -q '^  actual:   {.*"soy milk"' out
check "and nothing of what came behind it" [ "$(wc -l <out)" -eq 3 ]
cp kept.lua good.lua
"$program" run endless.lua --time-limit 1 --trace jsonl >endless.jsonl 2>err
expect "a trace that ended at a time limit" 0 '^the same [0-9]* events, where the trace ends$' "$program" replay endless.jsonl
expect "text trace" 0 'phone  .*push' "$program" run good.lua --trace text

# -- suites --
mkdir -p suite/lib suite/deeper
cp good.lua suite/good.lua
cp good.lua suite/deeper/also.lua
cp helper.lua suite/lib/helper.lua
expect "a suite that passes" 0 '^2 passed, 0 failed, 0 skipped$' "$program" test suite -j2
check "helpers are not mentioned" sh -c '! grep -q helper out err'
cp wrong.lua 'suite/a "wrong" & odd.lua'
cp syntax.lua suite/zz.lua
expect "a suite with a bad file" 65 '^2 passed, 2 failed, 0 skipped$' "$program" test suite -j2 --junit junit.xml --json suite.jsonl
check "the last line counts" sh -c 'tail -n 1 out | grep -qx "2 passed, 2 failed, 0 skipped"'
check "paths are in order" sh -c 'grep "^PASS\|^FAIL" out | head -n 1 | grep -q wrong'
check "a bad file is a failure" grep -q '^FAIL  suite/zz.lua' out
check "JUnit has the counts" grep -q 'tests="4" failures="1" errors="1" skipped="0"' junit.xml
check "there is a JSON line for each" [ "$(grep -c '^{"number":[0-9]*,"name":".*","verdict":"' suite.jsonl)" -eq 4 ]
check "with the verdict and the command" sh -c 'grep "\"verdict\":\"failed\"" suite.jsonl | grep -q "again:  "'
check "JUnit has the seed and the command" sh -c 'grep -q "seed 1 " junit.xml && grep -q "again:  " junit.xml'
if command -v python3 >/dev/null; then
    check "JUnit is well-formed" python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse("junit.xml")'
fi
rm suite/zz.lua
expect "a suite with a failure" 1 '^2 passed, 1 failed, 0 skipped$' "$program" test suite -j2
cp endless.lua suite/endless.lua
rm suite/a*
expect "a suite that runs out of time" 124 '^2 passed, 0 failed, 1 skipped$' "$program" test suite -j2 --time-limit 3
expect "a world with its seeds" 0 '^      3 seeds: [1-9][0-9]* operations' "$program" test "$scenarios"/worlds -j2 --seeds 1..3 --dialect sound
expect "list" 0 '^story  good.lua  good$' "$program" list good.lua
expect "list of a bad file" 65 'syntax\.lua:' "$program" list good.lua syntax.lua

mkdir -p odd
cp good.lua odd/good.lua
ln -s .. odd/up
ln -s nowhere.lua odd/dangling.lua
mkfifo odd/pipe.lua
expect "links in a circle and pipes are no scenarios" 0 '^1 passed, 0 failed, 0 skipped$' "$program" test odd
cp wrong.lua ./-odd.lua
expect "a path like an option" 1 '^FAIL  wrong' "$program" run -- -odd.lua
again=$(sed -n 's/^ *again:  //p' out)
expect "the line that repeats it is none" 1 '^FAIL  wrong' sh -c "$again"

if command -v pgrep >/dev/null; then
    "$program" test endless.lua -j1 >out 2>err &
    suite=$!
    until worker=$(pgrep -P $suite); do
        sleep 0.1
    done
    kill -TERM $suite
    wait $suite
    check "a suite that is terminated says so" [ $? -eq 143 ]
    sleep 0.5
    check "and leaves no worker behind" sh -c "! ps -o stat= -p $worker | grep -q '^[^Z]'"

    "$program" test good.lua endless.lua -j1 >out 2>err &
    suite=$!
    while ! grep -q '^PASS  good' out; do
        sleep 0.1
    done
    until worker=$(pgrep -P $suite); do
        sleep 0.1
    done
    kill -KILL "$worker"
    wait $suite
    code=$?
    check "a worker that dies is our fault" [ $code -eq 70 ]
    check "and a failure of its scenario" grep -q '^FAIL  endless.lua .*seed 1' out
    check "and of nothing else" grep -qx '1 passed, 1 failed, 0 skipped' out
fi

# -- new --
expect "new" 0 'wrote first_story.lua' "$program" new first_story
expect "what new wrote passes" 0 '^PASS  first story' "$program" run first_story.lua
expect "new does not overwrite" 64 'first_story.lua: ' "$program" new first_story
expect "new makes folders" 0 "wrote there/then/it's.lua; run it with: .* run 'there/then/it'" "$program" new "there/then/it's"
expect "and what it wrote there passes" 0 "^PASS  it's" "$program" run "there/then/it's.lua"
expect "new below a file" 64 'first_story.lua/x.lua: ' "$program" new first_story.lua/x
expect "new with a name of two lines" 0 'wrote' "$program" new "two
lines"
expect "passes too" 0 '^PASS  two lines' "$program" run "two
lines.lua"
expect "new without a name" 64 'takes one name' "$program" new

# -- shrink and replay --
# world FILE LINE: users with lossy links; LINE stands before they come
world() {
    cat >"$1" <<LUA
local sim = require "syncsim"
return sim.world {
  name = "lossy",
  tables = { note = { title = "string" } },
  run = function(world)
    $2
    world:users { clients = 3, per_user = 12, rows = 5, mix = { insert = 30, update = 40, delete = 20, sync = 10 },
      client = { policy = "client_wins", latency = "20 ms", latency_spread = "200 ms", weather = { net_response_lost = 100 } } }
    world:settle()
  end,
}
LUA
}
world lossy.lua ""
seed=1
while [ "$seed" -lt 100 ] && "$program" run lossy.lua --dialect mobile-apps --seed "$seed" >out 2>err; do
    seed=$((seed + 1))
done
check "the lossy world fails with some seed" [ "$seed" -lt 100 ]
expect "a failing world says how it gets smaller" 2 "^  smaller:  .* shrink lossy.lua --seed $seed --dialect mobile-apps$" "$program" run lossy.lua --seed "$seed" --dialect mobile-apps
expect "shrink" 0 "wrote small.choices; run it with: .* replay small.choices" "$program" shrink lossy.lua --dialect mobile-apps --seed "$seed" -o small.choices
choices=$(sed -n '/^choices$/,$p' small.choices | wc -l)
check "few choices are left ($choices lines)" [ "$choices" -gt 1 ] && check "and not many" [ "$choices" -lt 16 ]
expect "replay fails in the same way" 2 '^it still fails with: convergence: ' "$program" replay small.choices
expect "replay can show the trace" 2 '"event":"call"' "$program" replay small.choices --trace jsonl
expect "the story of it fails in the same way" 2 '  convergence: user' "$program" run small.lua
verbs=$(sed -n '/run = function/,/^  end/p' small.lua | grep -c ':')
check "a story of few lines ($verbs)" [ "$verbs" -le 14 ]
check "that says what happens above it" grep -q '^--     user.* ----> server' small.lua
sed 's/dialect = "[a-z-]*"/dialect = "sound"/' small.lua >fixed.lua
expect "and passes once the defect is gone" 0 '^PASS' "$program" run fixed.lua
cp small.choices first.choices
expect "shrink again" 0 'wrote small.choices' "$program" shrink lossy.lua --dialect mobile-apps --seed "$seed" -o small.choices
check "gives the same choices" cmp -s small.choices first.choices
world lossy.lua 'world.server:table("note"):insert { id = "other", title = "x" } math.random(7) -- another row, another draw'
expect "replay after an edit of the scenario" 2 '^it still fails with: convergence: ' "$program" replay small.choices
expect "shrink after it" 0 'wrote small.choices' "$program" shrink lossy.lua --dialect mobile-apps --seed "$seed" -o small.choices
cat >handlers.lua <<'LUA'
local sim = require "syncsim"
local marks = { "kept", "of both" }
local function merge(conflict)
  if not conflict.server then return "fail" end
  return { id = conflict.id, title = marks[1] .. " \"" .. marks[2] .. "\"", version = conflict.server.version }
end
return sim.world {
  name = "handlers", tables = { note = { title = "string" } },
  run = function(world)
    local ann = world:client { name = "ann", dialect = "mobile-apps", policy = merge }
    local bob = world:client { name = "end", dialect = "mobile-apps" }
    for i = 1, 5 do world.server:table("note"):insert { id = "n" .. i, title = "first\n" .. math.random(9) } end
    ann:pull "note"
    bob:pull { table = "note", query_id = "q", where = { title = { ge = "" } } }
    for i = 1, 5 do
      ann:table("note"):update { id = "n" .. i, title = "ann" }
      bob:table("note"):update { id = "n" .. i, title = "bob" }
    end
    ann:push()
    local result, _, _, failed = bob:push()
    for i, problem in ipairs((result or failed).errors) do
      if i % 2 == 0 then problem:cancel_and_update(problem.server) end
    end
    bob:table("note"):insert { title = "its id is made" }
    world:settle()
  end,
}
LUA
expect "shrink a world with functions" 0 'a story of [0-9]* verbs and [12] clients' "$program" shrink handlers.lua --dialect mobile-apps --server netfx
expect "its story fails likewise" 2 'convergence: ' "$program" run handlers-1.lua
cat >count.lua <<'LUA'
local sim = require "syncsim"
return sim.world {
  name = "none waits", tables = { note = { title = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", policy = "client_wins", weather = { net_request_lost = 300 } }
    for i = 1, 6 do
      phone:table("note"):insert { id = "n" .. i, title = "x" }
      phone:push()
    end
    sim.expect(phone:pending()):equals(0)
    world:settle()
  end,
}
LUA
counted=1
while [ "$counted" -lt 100 ] && "$program" run count.lua --seed "$counted" >out 2>err; do
    counted=$((counted + 1))
done
expect "shrink of a failed expectation" 0 'wrote count-small.lua, a story of [2-5] verbs and 1 clients' "$program" shrink count.lua --seed "$counted" -o count-small
check "the line that failed is in it" grep -q '^    sim.expect(phone:pending()):equals(0)$' count-small.lua
expect "it fails likewise" 1 'expectation failed: expected 0, got ' "$program" run count-small.lua
sed '/drop_next/d; /sim.choose {/,/^    }/d' count-small.lua >count-calm.lua
expect "and passes without the fault" 0 '^PASS' "$program" run count-calm.lua
expect "keep" 0 '^wrote scenarios/stories/regress/fixed.lua, which passes now$' "$program" keep fixed.lua
expect "what is kept runs" 0 '^1 passed' "$program" test scenarios/stories/regress
expect "keep does not overwrite" 64 'regress/fixed.lua: is there already' "$program" keep fixed.lua
expect "keep of a world" 65 'takes a story' "$program" keep lossy.lua
expect "why" 0 '^it needs$' "$program" why first.choices
check "each choice with its range" grep -q '^  user[1-3]/.*   from [0-9]* to [0-9]* of 0 to [0-9]*$' out
check "and what other policies make of it" grep -q "^  with policy server_wins  *[a-z ]*fail" out
check "and what other dialects make of it" grep -q '^  with --dialect sound  *does not fail$' out
check "among them its own" grep -q '^  with --dialect mobile-apps  *fails in the same way$' out
cat >policy.lua <<'LUA'
local sim = require "syncsim"
return sim.world {
  name = "mine stays", tables = { note = { title = "string" } },
  run = function(world)
    local phone = world:client { name = "phone", policy = "server_wins" }
    world.server:table("note"):insert { id = "x", title = "first" }
    phone:pull "note"
    world.server:table("note"):update { id = "x", title = "theirs" }
    phone:table("note"):update { id = "x", title = "mine" }
    phone:push()
    sim.expect(world.server:table("note"):lookup("x").title):equals "mine"
  end,
}
LUA
expect "why of what a policy does" 0 '^  with policy client_wins  *does not fail$' "$program" why policy.lua
check "and not of its own" grep -q '^  with policy server_wins  *fails in the same way$' out
expect "policies by name" 0 '^  field_merge  *what one side changed is kept' "$program" policy list
expect "the laws of one" 0 '^  symmetry  *holds  holds ' "$program" policy check latest_wins --samples 100
check "with what breaks a law" grep -q '^      base {.*what one side changed is lost$' out
expect "of a field policy" 0 '^  associativity  *fails  fails ' "$program" policy check avg --samples 100
expect "one that decides nothing" 1 '^  totality  *fails' "$program" policy check fail --samples 100
cat >merge.lua <<'LUA'
local sim = require "syncsim"
return sim.policy { "field_merge", columns = { stock = { "counter", low = 0 }, tags = "or_set" }, groups = { { "price", "currency" } } }
LUA
expect "of a policy in a file" 0 '^  intention  *fails  fails ' "$program" policy check merge.lua --samples 100
check "in words of its columns" grep -q 'base {stock=.* tags=".*" price=.* currency=' out
expect "of a file that is no policy" 65 'the file returns no policy' "$program" policy check policy.lua
expect "a table of all" 0 '^couch_rev  *holds  *holds  *holds  *holds  *holds  *holds  *fails  *fails' "$program" policy check --all --samples 100
expect "unknown policy to check" 64 "unknown policy 'client_win'; did you mean 'client_wins'?" "$program" policy check client_win
expect "policy alone" 64 "takes 'list'" "$program" policy
expect "a policy from outside" 0 '^PASS' "$program" run policy.lua --policy client_wins
expect "and another one" 1 'again: .* run policy.lua --seed 1 --policy server_wins$' "$program" run policy.lua --policy server_wins
expect "unknown policy" 64 "unknown policy 'client_win'; did you mean 'client_wins'?" "$program" run policy.lua --policy client_win
"$program" sweep policy.lua --seeds 1..2 --policy latest_wins -o policies.jsonl >/dev/null 2>&1
check "a line of a sweep says under which policy" [ "$(grep -c '"policy":"latest_wins"' policies.jsonl)" = 2 ]
expect "a smaller run keeps it" 0 'wrote policy.choices' "$program" shrink policy.lua --policy server_wins -o policy.choices
check "in its file" grep -q '^policy server_wins$' policy.choices
expect "what it replays under" 1 '^FAIL' "$program" replay policy.choices
expect "shrink of what passes" 64 'it does not fail' "$program" shrink lossy.lua --seed "$seed" --dialect sound
expect "a budget" 0 'in 5 runs (stopped before the end)' "$program" shrink lossy.lua --dialect mobile-apps --seed "$seed" --runs 5
check "the name of the result when none is given" [ -s "lossy-$seed.choices" ]
expect "shrink of a file that is not there" 64 'absent.lua: No such' "$program" shrink absent.lua
expect "shrink into a folder that is not there" 64 'no/x.choices: No such' "$program" shrink lossy.lua --dialect mobile-apps --seed "$seed" --runs 2 -o no/x
expect "replay of a file that is not there" 64 'absent: No such' "$program" replay absent
expect "replay of a seed" 0 '^PASS  good' "$program" replay good.lua --seed 3
expect "replay of something else" 65 'err:1: ' "$program" replay err
expect "a reproduction has its seed" 64 'says itself with which seed' "$program" replay first.choices --seed 3
sed 's/^seed .*/seed x/' first.choices >bad.choices
expect "replay of a broken head" 65 'bad.choices: line 3: a seed is' "$program" replay bad.choices
sed 's/ = 1$/ = one/' first.choices >bad.choices
expect "replay of a broken choice" 65 'bad.choices: line [0-9]*: not a choice at column' "$program" replay bad.choices
head -n 3 first.choices >bad.choices
expect "replay of half a file" 65 'bad.choices: it ends too early' "$program" replay bad.choices
sed '/^choices/a nobody/nothing never(n 1) = 1' first.choices >bad.choices
expect "replay says what nothing asks for" 2 '^not asked for any more: nobody/nothing never(n 1) = 1' "$program" replay bad.choices

# -- a description of tables --
echo 'return { tables = { todoitem = { text = "string" } }, server = { page_size = 10 } }' >tables.lua
expect "serve a description of tables" 0 '^listening on http://127.0.0.1:[0-9]* (node, 1 table' timeout --preserve-status -s TERM 2 "$program" serve tables.lua --port 0
echo 'return { tables = { todoitem = { text = "string" } }, sever = {} }' >tables.lua
expect "with a typo" 65 "unknown key 'sever': did you mean 'server'" "$program" serve tables.lua
expect "there is nothing in it to run" 65 'tables.lua:1: a scenario returns' "$program" run tables.lua

# -- sizes --
story sizes.lua 'phone:table("todoitem"):insert { id = "a", text = "milk" } phone:push() phone:pull "todoitem"'
expect "bytes of messages" 0 '^[1-9][0-9]* bytes in requests, [1-9][0-9]* bytes in answers$' "$program" run sizes.lua --bytes
grep ' bytes in requests' out >struct.bytes
expect "and of their text" 0 ' bytes in requests' "$program" run sizes.lua --bytes --codec
grep ' bytes in requests' out >text.bytes
check "are as many" cmp -s struct.bytes text.bytes
expect "bytes that nobody asked for" 0 '^PASS' "$program" run sizes.lua
check "are not counted" sh -c '! grep -q bytes out'

# -- reports for CI --
mkdir ci
story ci/good.lua 'phone:table("todoitem"):insert { id = "a" }'
story ci/bad.lua 'phone:table("todoitem"):insert { id = "a" } sim.expect(1):equals(2)'
story ci/worse.lua 'error "no"'
expect "reports" 65 '^1 passed, 2 failed, 0 skipped' "$program" test ci --tap ci.tap --markdown ci.md --junit ci.xml --github
check "an annotation for each failure" [ "$(grep -c '^::error file=' out)" -eq 2 ]
check "the worst first" sh -c "grep '^::error' out | head -n 1 | grep -q '^::error file=ci/worse.lua,line=1,title='"
check "on one line each" grep -q '^::error file=ci/bad.lua,.*%0A' out
check "TAP says how many" grep -qx '1..3' ci.tap
check "what passed" grep -qx 'ok [123] - good' ci.tap
check "what did not" grep -qx 'not ok [123] - bad' ci.tap
check "and why, with the command" grep -q '^    .*again:  .* run ci/bad.lua' ci.tap
check "Markdown has the counts" grep -qx '| 1 | 2 | 0 |' ci.md
check "and the failures" grep -q '<details><summary><b>bad</b> (failed, ci/bad.lua)' ci.md
check "JUnit too" grep -q '<failure' ci.xml
expect "a report into a folder that is not there" 64 'no/ci.tap: No such' "$program" test ci --tap no/ci.tap
expect "a flag from the environment" 65 'TAP version 14' env SYNCSIM_TAP=- "$program" test ci
expect "what is typed wins" 0 '^seed 4$' env SYNCSIM_SEED=3 "$program" run ci/good.lua --seed 4
expect "and is read in the same way" 64 '^syncsim: --seed from the environment: .x. is not a whole number' env SYNCSIM_SEED=x "$program" run ci/good.lua

# -- explore --
cat >pair.lua <<'LUA'
local sim = require "syncsim"
return sim.world {
  name = "two devices and one item", tables = { note = { title = "string" } },
  run = function(world)
    local a = world:client { name = "a", policy = "client_wins" }
    local b = world:client { name = "b", policy = "server_wins" }
    a:table("note"):insert { id = "x", title = "a" }
    a:push()
    b:pull { table = "note", query_id = "q" }
    a:table("note"):update { id = "x", title = "a2" }
    b:table("note"):update { id = "x", title = "b2" }
    a:push()
    b:push()
    world:settle()
  end,
}
LUA
net=request-lost,response-lost,request-duplicated,request-late,response-late,response-reset
expect "explore in sound" 0 '^with two faults: [1-9][0-9]* runs, 0 failed$' "$program" explore pair.lua --faults 2 --labels $net
expect "explore finds the lost answer" 2 '^    a/link.down response-lost(subject [0-9]*, round 0, attempt 1) = 1$' "$program" explore pair.lua --dialect mobile-apps --labels $net -o found.choices
expect "says what it did" 1 '^with one fault: [1-9][0-9]* runs, [1-9][0-9]* failed$' "$program" explore pair.lua --dialect mobile-apps
check "and finds the write that is two" grep -q '^    a/disk dies(change [0-9]*) = 1$' out
expect "and what it left out" 0 'request-lost .*(left out)$' "$program" explore pair.lua --labels response-lost
expect "what it found fails again" 2 '^it still fails with: convergence' "$program" replay found.choices
expect "and can be shrunk" 0 'a story of [1-9] verbs and 1 clients' "$program" shrink found.choices -o found.lua
expect "to a story that fails" 2 'convergence' "$program" run found.lua
expect "explore stops" 0 '(not all of them: stopped)$' "$program" explore pair.lua --faults 3 --runs 20
expect "explore with too many faults" 64 'the limit is 8' "$program" explore pair.lua --faults 9

echo "$checked checks, $failed failed"
[ "$failed" -eq 0 ]
