#!/usr/bin/env bash
# `syncsim serve` and the simulator beside the real Node server and the real client, in one run on one machine.
# Usage: serve_bench.sh BUILD [FOLDER]     BUILD: with syncsim and converge_bench (release); FOLDER: for what npm installs (4 minutes, once)
# Prints rates and ratios. Without wrk, node or npm: SKIPPED, said loudly; SYNCSIM_REQUIRE=all makes that a failure.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(realpath "$1")
mkdir -p "${2:-$build/realstack}" && folder=$(realpath "${2:-$build/realstack}")
seconds=${SECONDS_EACH:-4}

skip() {
    echo "SKIPPED: $1"
    [ "${SYNCSIM_REQUIRE:-}" != all ]
    exit
}
for tool in wrk node npm; do
    command -v $tool >/dev/null || skip "$tool is not installed"
done
"$root/tests/conformance/realstack/install.sh" "$folder" all || skip "npm ci failed"

work=$(mktemp -d) || exit 1
"$build/syncsim" serve "$root/tests/conformance/tables.lua" --server node --test-routes --port 0 >"$work/ours" &
ours_pid=$!
(cd "$folder" && exec node server.js --port 0) >"$work/real" &
real_pid=$!
trap 'kill $ours_pid $real_pid; rm -rf "$work"' EXIT
address() { # address FILE: waits for the URL that a server prints
    for _ in $(seq 100); do
        grep -o 'http://127[0-9.:]*' "$1" | head -n 1 | grep . && return
        sleep 0.1
    done
}
ours=$(address "$work/ours") real=$(address "$work/real")
[ -n "$ours" ] && [ -n "$real" ] || { echo "FAIL: a server did not start"; exit 1; }

cat >"$work/insert.lua" <<'LUA'
wrk.method = "POST"
wrk.body = '{"text":"a row","complete":false,"priority":3}'
wrk.headers["Content-Type"] = "application/json"
LUA
for url in "$ours" "$real"; do
    for i in $(seq 60); do
        curl -sS -o /dev/null -H 'ZUMO-API-VERSION: 2.0.0' -H 'Content-Type: application/json' \
            -d "{\"id\":\"r$i\",\"text\":\"row $i\",\"complete\":false,\"priority\":$i}" "$url/tables/todoitem"
    done
done

load() { # load URL CONNECTIONS TARGET OPTIONS...: requests a second; a wrong answer is said
    local url=$1 connections=$2 target=$3
    shift 3
    wrk -t1 -c"$connections" -d"${seconds}s" -H 'ZUMO-API-VERSION: 2.0.0' "$@" "$url$target" >"$work/wrk"
    if grep -E 'Non-2xx|Socket errors' "$work/wrk" >&2; then echo "$url$target answered wrongly" >&2; fi
    sed -n 's/^Requests\/sec: *//p' "$work/wrk"
}
compare() { # compare NAME OURS REAL: the ratio of two rates
    awk -v name="$1" -v a="$2" -v b="$3" 'BEGIN { printf "%-28s syncsim %9.0f/s   Node %7.0f/s   ratio %.1f\n", name, a, b, a / b }'
}
for connections in 1 32; do
    for what in read-one list-50 insert; do
        case $what in
        read-one) arguments=(/tables/todoitem/r1) ;;
        list-50) arguments=("/tables/todoitem?\$orderby=id&\$top=50") ;;
        insert) arguments=(/tables/harditem -s "$work/insert.lua") ;;
        esac
        a=$(load "$ours" "$connections" "${arguments[@]}")
        b=$(load "$real" "$connections" "${arguments[@]}")
        compare "$what, $connections connection(s)" "$a" "$b"
    done
done

(cd "$folder" && node perf/converge.mjs --url "$real" --repeat 3) | tee "$work/theirs"
"$build/converge_bench" 50 | tee "$work/simulated"
took() { sed -n 's/^converge.*: \([0-9.]*\) s .*/\1/p' "$1"; }
awk -v a="$(took "$work/simulated")" -v b="$(took "$work/theirs")" 'BEGIN { printf "the simulation is %.0f times as fast as the real client\n", b / a }'
