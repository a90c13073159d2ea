#!/bin/sh
# Holds scenarios/EDGES.md against the stories: edges_test.sh SCENARIOS. Every edge has one line; a line names stories that exist, or says why there is none;
# where there are some, one of them is in `sound`, or the line says why none is.
set -u
cd "$1" || exit 2
problems=$(
    awk -F '|' '
        /^\| [0-9]/ {
            number = $2 + 0
            if (seen[number]++) print number ": has two lines"
            count++
            stories = gsub(/`[a-z]+\/[a-z_0-9]+`/, "&", $5)
            if (!stories && $5 !~ /^ none: .+ /) print number ": neither a story nor why there is none"
            if (stories && $5 !~ /\/sound_/ && $5 !~ /; no twin: .+ /) print number ": no twin in sound, nor why there is none"
        }
        END {
            for (i = 1; i <= 79; i++) if (!seen[i]) print i ": has no line"
            if (count != 79) print count " lines, not 79"
        }' EDGES.md
    for story in $(grep -o '`[a-z]*/[a-z_0-9]*`' EDGES.md | tr -d '`' | sort -u); do
        [ -f "stories/$story.lua" ] || echo "stories/$story.lua: is not there"
    done
)
if [ -n "$problems" ]; then
    echo "$problems"
    exit 1
fi
echo "edges: $(grep -c '^| [0-9]' EDGES.md), $(grep -c '| none: ' EDGES.md) of them without a story"
