#!/bin/sh
# Every world in `sound` over a range of seeds: worlds.sh PROGRAM A..B. The program prints operations, conflicts and faults fired of each
# world; none of them may be zero over the sweep.
set -u
program=$1
seeds=$2
out=$(mktemp)
trap 'rm -f "$out"' EXIT
"$program" test scenarios/worlds --dialect sound --seeds "$seeds" -j2 > "$out" 2>&1
status=$?
cat "$out"
[ "$status" = 0 ] || exit "$status"
for what in operations conflicts faults; do
    if grep -qE "(^|[ ,])0 $what" "$out"; then
        echo "worlds.sh: a world had no $what in the whole sweep" >&2
        exit 1
    fi
done
