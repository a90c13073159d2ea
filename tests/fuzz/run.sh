#!/usr/bin/env bash
# run.sh BUILD SECONDS [TARGET...]: fuzzes each target of a build folder for that long, two at a time. New inputs of libFuzzer go to
# BUILD/fuzz/NAME and are used again; what breaks a target lies there as crash-*. Exit 1 when one broke.
set -u
[ $# -ge 2 ] || { echo "usage: run.sh BUILD SECONDS [TARGET...]" >&2; exit 64; }
folder=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd) || exit 66
seconds=$2
shift 2
if [ $# -eq 0 ]; then
    for program in "$build"/fuzz_*; do
        [ -x "$program" ] && set -- "$@" "$(basename "$program" | sed 's/^fuzz_//')"
    done
fi
[ $# -gt 0 ] || { echo "$build has no fuzz targets" >&2; exit 66; }

fuzz() { # fuzz TARGET
    local work=$build/fuzz/$1
    mkdir -p "$work/found"
    cd "$work" || return 1
    rm -f crash-* leak-* timeout-* oom-*
    local dict=$folder/$1.dict
    [ -f "$dict" ] && dict=-dict=$dict || dict=-seed=1
    if nice "$build/fuzz_$1" -seed=1 "$dict" -max_len=4096 -max_total_time="$seconds" found "$folder/corpus/$1" > log 2>&1; then
        echo "fuzz $1: $(grep -E '^(Done|#[0-9]+.*DONE)' log | tail -n 1)"
    else
        tail -n 40 log
        echo "fuzz $1: FAILED, the input is in $work"
        return 1
    fi
}

failed=0
while [ $# -gt 0 ]; do
    fuzz "$1" & first=$!
    second=
    if [ $# -gt 1 ]; then
        fuzz "$2" & second=$!
        shift
    fi
    shift
    wait "$first" || failed=1
    [ -z "$second" ] || wait "$second" || failed=1
done
exit "$failed"
