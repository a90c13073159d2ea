#!/bin/sh
# Runs as tables of SQLite: export_test.sh PROGRAM SQL_TOOL README. The queries of the README do what it says.
program=$1
tool=$2
readme=$3
. "$(dirname "$0")/expect.sh"

cat >list.lua <<'END'
local sim = require "syncsim"
return sim.world {
  name = "a list", tables = { item = { done = "boolean", text = "string" } },
  run = function(world)
    world:users { clients = 3, per_user = 12, within = "10 min", rows = 6, mix = { insert = 1, update = 7, delete = 1, sync = 2 },
      client = { policy = "client_wins" } }
    world:settle()
  end,
}
END
# ask FILE SQL
ask() {
    printf '%s' "$2" | "$tool" "$1"
}

"$program" run list.lua --seed 2 >plain.out
expect "a run is exported" 0 '^PASS' "$program" run list.lua --seed 2 --export runs.db
check "and is the same run" test "$(grep '^[0-9]* events' plain.out)" = "$(grep '^[0-9]* events' out)"
expect "it is in the table of runs" 0 '^list.lua|2|passed$' ask runs.db 'SELECT scenario, seed, verdict FROM runs'
expect "with every event" 0 '^1$' ask runs.db 'SELECT count(*) = (SELECT events FROM runs) FROM events'
expect "whose fields are JSON" 0 '^3$' ask runs.db "SELECT count(DISTINCT json_extract(json, '\$.user')) FROM events WHERE kind = 'intention'"
expect "conflicts have their decisions" 0 '^0$' ask runs.db "SELECT count(*) FROM conflicts LEFT JOIN events USING (run, sequence) WHERE kind IS NOT 'conflict' OR decision IS NULL"
expect "there were some" 0 '^[1-9]' ask runs.db "SELECT count(*) FROM conflicts WHERE decided_by = 'client_wins'"
expect "edits add up to the metric" 0 '^1$' ask runs.db "SELECT abs(value - 1000.0 * (SELECT count(*) FROM edits WHERE outcome = 'overwritten') / (SELECT count(*) FROM edits)) < 0.001 FROM metrics WHERE metric = 'lu'"
expect "the same run again" 0 '^PASS' "$program" run list.lua --seed 2 --export runs.db
expect "takes the place of the first" 0 '^1|1$' ask runs.db 'SELECT count(*), count(DISTINCT run) FROM runs'
expect "no event is there twice" 0 '^1$' ask runs.db 'SELECT count(*) = (SELECT events FROM runs) FROM events'
expect "another policy is another run" 0 '^PASS' "$program" run list.lua --seed 2 --policy server_wins --export runs.db
expect "of the same users" 0 '^2|1$' ask runs.db "SELECT count(DISTINCT run), count(DISTINCT n) FROM (SELECT run, count(*) AS n FROM events WHERE kind = 'intention' GROUP BY run)"

cat >fails.lua <<'END'
local sim = require "syncsim"
return sim.world { name = "fails", tables = { item = { text = "string" } }, run = function(world) sim.expect(1):equals(2) end }
END
expect "a sweep is exported" 0 '^30 runs' "$program" sweep list.lua --seeds 1..30 -j2 --canary fails.lua --export sweep.db
expect "by all its workers" 0 '^30|30$' ask sweep.db 'SELECT count(*), count(DISTINCT seed) FROM runs'

# The queries of the README, in order.
awk '/^```sql$/ { on = 1; n++; next } /^```$/ { on = 0 } on { print > ("query" n ".sql") }' "$readme"
check "there are two queries" test -f query2.sql -a ! -f query3.sql
expect "the first one: lost edits by what took them" 0 '^server_wins|.*|rejected|[1-9]' sh -c "'$tool' runs.db <query1.sql"
expect "the second one: the life of a lost edit" 0 '^2|item-.*|overwritten|.*|client_wins$' sh -c "'$tool' sweep.db <query2.sql; '$tool' runs.db <query2.sql"

expect "a database of something else" 64 'syncsim: --export: query1.sql: ' "$program" run list.lua --seed 2 --export query1.sql
expect "a place that is not there" 64 'syncsim: --export: /proc/nothere/x.db: ' "$program" run list.lua --seed 2 --export /proc/nothere/x.db

echo "$checked checks, $failed failed"
[ "$failed" -eq 0 ]
