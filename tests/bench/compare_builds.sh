#!/usr/bin/env bash
# Is one build faster than another? Both run the same programs in turn, on one machine, in pairs whose order alternates, so that
# what else the machine does meets both; the scenarios are those of this tree.
# Usage: compare_builds.sh BUILD_A BUILD_B [PAIRS]     two release builds; 15 pairs unless said
# Prints for each rate the median of B/A over the pairs, and the quartiles: a difference inside them is none.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
a=$(realpath "$1") b=$(realpath "$2") pairs=${3:-15}
results=$(mktemp)
trap 'rm -f "$results"' EXIT

rates() { # rates BUILD PROGRAM: "NAME RATE", a line each
    case $2 in
    kernel_bench) "$1/$2" 1000 | sed -n 's/^kernel.*clients: *\([0-9]*\) .*/kernel_bench \1/p' ;;
    converge_bench) "$1/$2" 10 | sed -n 's/^converge.*): \([0-9.]*\) s.*/\1/p' | awk '{ print "converge_bench", 1 / $1 }' ;;
    short_bench) "$1/$2" "$root/tests/bench" 100 | awk '/short runs/ { print "short_bench/" $1, $2 }' ;;
    esac
}
for pair in $(seq "$pairs"); do
    for program in kernel_bench converge_bench short_bench; do
        if [ $((pair % 2)) = 1 ]; then
            of_a=$(rates "$a" $program) && of_b=$(rates "$b" $program)
        else
            of_b=$(rates "$b" $program) && of_a=$(rates "$a" $program)
        fi
        paste -d ' ' <(echo "$of_a") <(echo "$of_b") | awk '{ print $1, $4 / $2 }' >>"$results"
    done
done
sort -k1,1 -k2,2g "$results" | awk '
    { if ($1 != name) { end(); name = $1; count = 0 } ratio[++count] = $2 }
    function end() {
        if (count) printf "%-22s B/A %.3f   (%.3f .. %.3f, %d pairs)\n", name, ratio[int((count + 1) / 2)], ratio[int((count + 3) / 4)], ratio[int((3 * count + 3) / 4)], count
    }
    END { end() }'
