#!/bin/sh
# Policies held against each other: tables, files, the gate. Usage: compare_test.sh PROGRAM
program=$1
. "$(dirname "$0")/expect.sh"

cat >list.lua <<'END'
local sim = require "syncsim"
return sim.world {
  name = "a list", tables = { item = { done = "boolean", text = "string" } },
  run = function(world)
    world:users { clients = 3, per_user = 10, within = "10 min", rows = 6, mix = { insert = 1, update = 7, sync = 2 } }
    world:settle()
  end,
}
END
cat >story.lua <<'END'
local sim = require "syncsim"
return sim.story {
  name = "a story", tables = { item = { done = "boolean" } },
  run = function(world) world:client { name = "phone" }:table("item"):insert { id = "a" } end,
}
END
compare() {
    "$program" compare list.lua --policies client_wins,server_wins "$@"
}

expect "a table" 0 '^lu, /1000 edits: ' compare --networks calm,rural --seeds 20 --json first.json --csv first.csv
expect "pairs are looked at" 0 'intentions and outages are the same in all 40 pairs' compare --networks calm,rural --seeds 20
expect "server_wins loses least" 0 '^  server_wins .*\*' compare --seeds 20 --metrics lu
expect "client_wins gives up least" 0 '^  client_wins .*\*' compare --seeds 20 --metrics rej
check "no line is longer than 96 columns" sh -c "LC_ALL=C.UTF-8 '$program' compare list.lua --policies client_wins,server_wins --networks calm,wifi,3g,rural,edge --seeds 3 | awk '{ gsub(/±/, \"+\"); if (length(\$0) > 96) exit 1 }'"
expect "nobody beats either" 0 '^  list  *rural  *client_wins, server_wins$' compare --networks calm,rural --seeds 20
check "a line of CSV for each metric" grep -q '^"list","rural","server_wins",conv_mean,s,20,' first.csv
compare --networks calm,rural --seeds 20 --json again.json -j 1 >/dev/null
check "the same whatever the number of workers" cmp first.json again.json
expect "it stops when it is enough" 0 '^  list  *own (50)' compare --seeds 100 --metrics int
expect "it goes on when told to" 0 '^  list  *own (100)' compare --seeds 100 --metrics int --all-seeds

expect "what the network decides" 0 '^arr, % of cells' compare --networks rural --seeds 10 --arrival
expect "nothing, where there is none" 0 '^  client_wins  *0\.000 ±0\.000' compare --networks calm --seeds 10 --arrival --metrics arr
expect "who wins hangs on the network" 0 '^  client_wins  *[1-9]' compare --networks rural --seeds 10 --arrival --metrics arr
expect "a gate with the same traces" 0 '4 with the same traces; .* 0 are worse, 0 unclear' compare --networks calm,rural --seeds 20 --gate first.json
sed 's/10 min/60 min/' list.lua >worse.lua
mkdir -p other && mv worse.lua other/list.lua
expect "a gate that closes" 1 '^  worse .*list, calm, client_wins: conv_mean was ' "$program" compare other/list.lua --policies client_wins,server_wins --networks calm,rural --seeds 20 --gate first.json
expect "a margin that lets it pass" 0 '0 are worse, 0 unclear' "$program" compare other/list.lua --policies client_wins,server_wins --networks calm,rural --seeds 20 --gate first.json --margin lu=900 --margin rej=900 --margin conv_mean=900
expect "a gate of something else" 64 'compare: --gate story.lua: ' compare --seeds 2 --gate story.lua
expect "a gate that is not there" 64 'compare: --gate nowhere.json: ' compare --seeds 2 --gate nowhere.json

expect "one policy" 0 "one policy, no pairs" "$program" compare list.lua --policies client_wins --seeds 5
expect "no policies" 64 'compare: --policies A,B says which policies' "$program" compare list.lua
expect "an unknown policy" 64 "unknown policy 'client_win'; did you mean 'client_wins'" "$program" compare list.lua --policies client_win
expect "an unknown network" 64 "compare: --networks: .*4g" compare --networks 4g
expect "an unknown metric" 64 "there is no metric 'lost'" compare --metrics lost
expect "an empty name" 64 "is not a list of names like a,b" compare --networks calm,,3g
expect "a margin of nothing" 64 "compare: --gate first.json: --margin: there is no metric 'luck'" compare --networks calm,rural --seeds 2 --gate first.json --margin luck=2
expect "a story" 65 'story.lua: is a story' "$program" compare story.lua --policies client_wins,server_wins --seeds 2
expect "no such file" 64 'nowhere.lua' "$program" compare nowhere.lua --policies client_wins,server_wins
printf 'return {' >broken.lua
expect "a broken file" 65 'broken.lua:1' "$program" compare broken.lua --policies client_wins,server_wins --seeds 2

echo "$checked checks, $failed failed"
[ "$failed" -eq 0 ]
