#!/usr/bin/env bash
# Sweeps of short runs with one worker and with two: runs a second, and how much more two do than one for the CPU time that they
# take (what the machine does besides cannot change that; where there are two processors free, it is the gain in time).
# Usage: sweep_bench.sh BUILD [SEEDS]      BUILD: a release build; 20,000 seeds unless said
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(realpath "$1") seeds=${2:-20000}
TIMEFORMAT='%R %U %S'
for scenario in users_memory users_sqlite; do
    one='' two=''
    for workers in 1 2; do
        times=$( { time "$build/syncsim" sweep "$root/tests/bench/$scenario.lua" --seeds "1..$seeds" -j "$workers" >/dev/null 2>&1; } 2>&1)
        read -r wall user system <<<"$times"
        awk -v s=$scenario -v w="$workers" -v n="$seeds" -v r="$wall" -v c="$user" -v k="$system" 'BEGIN {
            printf "%-13s %d worker%s %8.0f runs/s   %8.0f runs for each second of CPU time\n", s, w, (w > 1 ? "s" : " "), n / r, n / (c + k) }'
        [ "$workers" = 1 ] && one="$user $system" || two="$user $system"
    done
    awk -v one="$one" -v two="$two" 'BEGIN { split(one, a); split(two, b)
        printf "              two workers by CPU time: %.2f times one\n", 2 * (a[1] + a[2]) / (b[1] + b[2]) }'
done
