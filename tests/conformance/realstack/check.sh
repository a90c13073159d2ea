#!/usr/bin/env bash
# The real client, and the recorded traffic, against `syncsim serve`. Usage: check.sh PROGRAM BUILD [FOLDER...]
# A FOLDER holds recorded traffic (*.jsonl) or scenarios (*.json); without any: those beside this script. Ends with "N passed, N failed, N skipped". Without node or npm, or where npm can't install: SKIPPED, said loudly; SYNCSIM_REQUIRE=all
# makes that a failure.
set -u
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1")
mkdir -p "$2" && build=$(realpath "$2")
shift 2
if [ $# = 0 ]; then set -- "$here"/../golden/public "$here"/../golden/more "$here"/../diff/public "$here"/../diff/more; fi

skip() {
    if [ "${SYNCSIM_REQUIRE:-}" = all ]; then
        echo "FAIL: $1, and SYNCSIM_REQUIRE=all demands it"
        exit 1
    fi
    echo "SKIPPED: the real client was not run: $1"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}

command -v node >/dev/null || skip "node is not installed"
command -v npm >/dev/null || skip "npm is not installed"
"$here/install.sh" "$build" client || skip "npm ci failed"

passed=0 failed=0 skipped=0
log=$build/serve.log
"$program" serve "$here/../tables.lua" --server node --test-routes --port 0 >"$log" 2>"$log.err" &
server=$!
trap 'kill "$server" 2>/dev/null' EXIT
url=
for _ in $(seq 100); do
    url=$(sed -n 's/^listening on \(http:[^ ]*\).*/\1/p' "$log")
    [ -n "$url" ] && break
    sleep 0.1
done
if [ -z "$url" ]; then
    echo "FAIL: syncsim serve did not say where it listens"
    cat "$log" "$log.err"
    exit 1
fi

check() { # check NAME COMMAND...
    echo "-- $1"
    shift
    local line
    (cd "$build" && "$@") | tee "$build/check.log"
    line=$(tail -n 1 "$build/check.log")
    count() { echo "$line" | sed -n "s/.*\b\([0-9][0-9]*\) $1.*/\1/p"; }
    passed=$((passed + $(count passed)))
    failed=$((failed + $(count failed)))
    skipped=$((skipped + 0$(count skipped)))
    if [ "$(count passed)" = 0 ]; then failed=$((failed + 1)); fi
}

for folder in "$@"; do
    folder=$(realpath "$folder")
    if compgen -G "$folder/*.jsonl" >/dev/null; then
        check "recorded traffic, $folder" timeout 300 node "$here/../golden/check.mjs" "$folder" --url "$url" --headers
    else
        check "the real client, $folder" timeout 600 node diff/check.mjs "$folder" --url "$url"
    fi
done

kill -TERM "$server"
wait "$server"
code=$?
trap - EXIT
if [ "$code" != 0 ]; then
    echo "FAIL: syncsim serve ended with code $code"
    cat "$log.err"
    failed=$((failed + 1))
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
