#!/bin/sh
# What people run has no mutants, and core with mutants of which none is chosen is the same program; the search finds the same twice, and says
# so when it finds nothing: product_test.sh SYNCSIM MUTANTS. From the root of the tree.
set -u
syncsim=$1
mutants=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
    echo "product_test.sh: $*" >&2
    exit 1
}

"$mutants" --list > "$work/list" || fail "no list"
cut -d ' ' -f 1 "$work/list" > "$work/names"
echo sy_mutant_chosen >> "$work/names"
[ "$(wc -l < "$work/names")" -ge 2 ] || fail "the list is empty"
while read -r name; do
    ! grep -qaF -- "$name" "$syncsim" || fail "$syncsim knows of $name"
    grep -qaF -- "$name" "$mutants" || fail "$mutants does not know of $name"
done < "$work/names"

"$mutants" --digests --seeds 1..2 > "$work/without" || fail "no digests"
worlds=$(cut -d ' ' -f 1 "$work/without" | sort -u)
# shellcheck disable=SC2086
"$syncsim" sweep $worlds --dialect sound --seeds 1..2 -o "$work/results" > /dev/null || fail "the sweep of $worlds failed"
sed -n 's/.*"scenario":"\([^"]*\)".*"seed":\([0-9]*\).*"digest":"\([0-9a-f]*\)".*/\1 \2 \3/p' "$work/results" | sort > "$work/product"
sort "$work/without" | diff "$work/product" - || fail "runs differ although no mutant is chosen"

for turn in first second; do
    mkdir "$work/$turn"
    "$mutants" --only done_but_queued --seeds 1..1 --keep "$work/$turn" > "$work/$turn.txt" || fail "a mutant was not found"
done
diff "$work/first.txt" "$work/second.txt" && diff -r "$work/first" "$work/second" || fail "the same search ended in another way"

"$mutants" --only conflict_echoes_client --seeds 1..1 --find-only > "$work/missed" && fail "a mutant that was missed is no failure"
grep -q '^0 found, 1 missed$' "$work/missed" || fail "a mutant that was missed is not counted"
