#!/bin/sh
# Every world in `sound`: worlds.sh PROGRAM A..B C..D: over the seeds A..B in its own weather, over C..D under swarm. The program prints
# operations, conflicts and faults fired of each world, and in the end of all; none of them may be zero over a sweep, but for the faults of
# a world that is calm by itself.
set -u
program=$1
out=$(mktemp)
trap 'rm -f "$out"' EXIT

sweep() { # sweep A..B OPTION...
    seeds=$1
    shift
    "$program" test scenarios/worlds --dialect sound --seeds "$seeds" -j2 "$@" > "$out" 2>&1
    status=$?
    cat "$out"
    [ "$status" = 0 ] || exit "$status"
}

happened() { # happened LINES WHAT...: in no line that LINES matches there are 0 of them
    lines=$1
    shift
    for what in "$@"; do
        if grep -E "$lines" "$out" | grep -qE "[ ,]0 $what"; then
            echo "worlds.sh: no $what in the whole sweep, of a world or of all" >&2
            exit 1
        fi
    done
}

sweep "$2"
happened ' operations, ' operations conflicts
happened '^worlds: ' faults
sweep "$3" --weather swarm
happened ' operations, ' operations conflicts faults
