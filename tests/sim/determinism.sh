#!/usr/bin/env bash
# The same scenario and seed give the same trace, byte for byte: over 20 processes for each scenario, spread over the builds given (folders with a `syncsim`),
# half of them without address randomisation, each with another time zone, locale, working directory and environment size.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
programs=()
for folder in "$@"; do
    program=$(cd "$root" && cd "$folder" 2> /dev/null && pwd)/syncsim
    if [ -x "$program" ]; then programs+=("$program"); else echo "determinism: $folder has no syncsim: left out"; fi
done
[ ${#programs[@]} -gt 0 ] || { echo "determinism: no program" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
zones=(UTC America/New_York Asia/Kolkata Pacific/Chatham)
count=0 bad=0
while read -r file; do
    count=$((count + 1))
    reference=
    for process in $(seq 0 19); do
        program=${programs[$((process % ${#programs[@]}))]}
        fixed=()
        [ $((process / 4 % 2)) = 1 ] && fixed=(setarch -R)
        digest=$(cd "$([ $((process % 2)) = 0 ] && echo "$root" || echo "$work")" &&
            TZ=${zones[$((process % 4))]} LC_ALL=$([ $((process % 3)) = 0 ] && echo C.UTF-8 || echo POSIX) \
                PADDING=$(printf '%*s' $((process * 137)) x) \
                ${fixed[@]+"${fixed[@]}"} "$program" run "$root/$file" --seed 7 --trace jsonl 2> /dev/null | sha256sum)
        if [ -z "$reference" ]; then
            reference=$digest
        elif [ "$digest" != "$reference" ]; then
            bad=$((bad + 1))
            echo "determinism: $file: process $process (${program#"$root"/}) gives another trace"
            break
        fi
    done
done < <(cd "$root" && find scenarios tests/lua/determinism -name '*.lua' -not -path '*/lib/*' | LC_ALL=C sort)
echo "determinism: $count scenarios, 20 processes each, ${#programs[@]} builds, $bad different"
[ "$bad" = 0 ] && [ "$count" -gt 0 ]
