#!/bin/sh
# dialects.sh PROGRAM A..B, in the source folder: every world with every client dialect. What the real SDKs lose is found, so runs
# may fail; none may be a fault of ours, of the scenario, or differ when it is repeated. And each story of a dialect is about that one:
# where it runs in another, it must not pass.
set -u
program=$1
seeds=$2
out=$(mktemp)
trap 'rm -f "$out"' EXIT
"$program" test scenarios/worlds --dialect all --seeds "$seeds" -j2 > "$out" 2>&1
status=$?
tail -3 "$out"
case $status in
0 | 1 | 2) ;;
*)
    cat "$out"
    echo "dialects.sh: exit code $status" >&2
    exit 1
    ;;
esac
[ "$(grep -c ' \[[a-z0-9.-]*\] ' "$out")" -ge 50 ] || { echo "dialects.sh: too few runs" >&2; exit 1; }

failed=0
for story in scenarios/stories/dialects/*.lua; do
    own=$("$program" test "$story" -j2 | tail -1)
    all=$("$program" test "$story" --dialect all -j2 | tail -1)
    passed=${own%% passed*}
    if [ "$own" != "$passed passed, 0 failed, 0 skipped" ] || [ "${all%% failed*}" = "$all" ]; then
        echo "dialects.sh: $story: $own" >&2
        failed=1
    fi
    case $all in
    "$passed passed, "*) ;;
    *)
        echo "dialects.sh: $story passes in other dialects too: $all" >&2
        failed=1
        ;;
    esac
done
exit $failed
