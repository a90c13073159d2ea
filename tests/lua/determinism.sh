#!/bin/sh
# determinism.sh SYNCSIM RUNS FILE: the trace of the file is the same bytes in every process, with and without address
# randomisation, in other time zones, languages, folders and sizes of the environment.
set -eu
program=$(realpath "$1")
runs=$2
file=$(realpath "$3")
fixed=""
if setarch -R true 2>/dev/null; then fixed="setarch -R"; else echo "no setarch -R here: address randomisation stays on"; fi

once() { # number
    padding=$(printf "%*s" $(($1 * 97)) x)
    prefix=""
    zone=UTC
    folder=$(dirname "$file")
    if [ $(($1 % 2)) = 1 ]; then prefix=$fixed zone=Asia/Tokyo folder=/; fi
    cd "$folder"
    env TZ=$zone LC_ALL=C.UTF-8 PADDING="$padding" $prefix "$program" run "$file" --trace jsonl 2>/dev/null || true
}

first=$(once 0 | sha256sum)
[ "$first" != "$(printf "" | sha256sum)" ] || { echo "no trace"; exit 1; }
number=1
while [ "$number" -lt "$runs" ]; do
    next=$(once "$number" | sha256sum)
    [ "$next" = "$first" ] || { echo "run $number differs from the first"; exit 1; }
    number=$((number + 1))
done
