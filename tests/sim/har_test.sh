#!/bin/sh
# HAR, written and replayed: what runs write is HAR 1.2; a run against Node, replayed, is the same; recorded traffic of the
# real server (tests/conformance), as a browser would have recorded it, is answered the same.
# Usage: har_test.sh PROGRAM HAR_TOOL SOURCE
program=$1
tool=$2
source=$3
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
failed=0
fail() {
    echo "FAIL: $*"
    failed=$((failed + 1))
}

# -- what runs write
for file in "$source"/scenarios/stories/push/*.lua "$source"/scenarios/stories/pull/*.lua "$source"/scenarios/worlds/*.lua; do
    "$program" run "$file" --har "$folder/run.har" >"$folder/out" 2>&1
    "$tool" check "$folder/run.har" >"$folder/entries" 2>&1 || fail "$file: $(cat "$folder/entries")"
    plain=$("$program" run "$file" 2>&1 | grep '^[0-9]* events, trace')
    logged=$(grep '^[0-9]* events, trace' "$folder/out")
    [ "$plain" = "$logged" ] || fail "$file: --har changes the run"
done
"$program" run "$source/scenarios/stories/push/an_insert_whose_answer_is_lost_conflicts_with_itself.lua" --har "$folder/run.har" >/dev/null 2>&1
grep -q '"_error":"timeout"' "$folder/run.har" || fail "a lost answer is not in the HAR"
"$program" run "$source/scenarios/stories/push/edits_of_one_row_collapse.lua" --har /nowhere/x.har >"$folder/out" 2>&1 && fail "a HAR that cannot be written is no error"

# -- the names of 2014, and those that came after
for dialect in mobile-services mobile-apps; do
    "$program" run "$source/scenarios/stories/conflict/each_strategy_resolves_the_same_conflict.lua" --dialect $dialect --server netfx --har "$folder/$dialect.har" >/dev/null 2>&1
done
for name in __version __createdAt __updatedAt __deleted '__systemproperties=\*'; do
    grep -q "$name" "$folder/mobile-services.har" || fail "mobile-services: no $name"
    grep -q "$name" "$folder/mobile-apps.har" && fail "mobile-apps: $name"
done
grep -q 'ZUMO-API-VERSION' "$folder/mobile-services.har" && fail "mobile-services: an api version"
grep -q 'ZUMO-API-VERSION' "$folder/mobile-apps.har" || fail "mobile-apps: no api version"

# -- what was recorded of the real server
count=0
for file in "$source"/tests/conformance/golden/public/*.jsonl "$source"/tests/conformance/golden/more/*.jsonl; do
    "$tool" convert "$file" "$folder/case.har"
    [ $? -eq 2 ] && continue # a defect of its database
    count=$((count + 1))
    "$program" har "$folder/case.har" "$source/tests/conformance/tables.lua" --server node >"$folder/out" 2>&1 || fail "$(basename "$file"): $(cat "$folder/out")"
done
[ "$count" -gt 40 ] || fail "only $count recordings"

# -- differences and bad input
"$tool" convert "$source/tests/conformance/golden/public/delete-twice.jsonl" "$folder/case.har"
"$program" har "$folder/case.har" "$source/tests/conformance/tables.lua" --server toolkit >"$folder/out" 2>&1
[ $? -eq 1 ] || fail "another server is no difference"
grep -q '^DIFFERENT  entry 1: POST /tables/todoitem' "$folder/out" || fail "the first difference is not shown: $(cat "$folder/out")"
expect() { # expect CODE PATTERN ARGUMENTS...
    code=$1 pattern=$2
    shift 2
    "$program" har "$@" >"$folder/out" 2>&1
    [ $? -eq "$code" ] || fail "har $*: another exit code than $code: $(cat "$folder/out")"
    grep -q "$pattern" "$folder/out" || fail "har $*: no '$pattern': $(cat "$folder/out")"
}
echo '{"log":5}' >"$folder/no.har"
echo '{' >"$folder/bad.har"
echo '{"log":{"entries":[{}]}}' >"$folder/none.har"
expect 65 'nothing was replayed' "$folder/none.har" "$source/tests/conformance/tables.lua"
expect 64 'har needs a recording' "$folder/no.har"
expect 65 'no log.entries' "$folder/no.har" "$source/tests/conformance/tables.lua"
expect 65 'not JSON' "$folder/bad.har" "$source/tests/conformance/tables.lua"
expect 65 'nothere.har' "$folder/nothere.har" "$source/tests/conformance/tables.lua"
expect 65 'nothere.lua' "$folder/case.har" "$folder/nothere.lua"
[ "$failed" -eq 0 ] && echo "$count recordings replayed"
exit $((failed > 0))
