#!/bin/sh
# Checks the source tree itself: who includes whom (layers.txt), that every source file is built, that every folder says what it is,
# and a few habits that no compiler checks. Run from anywhere: tests/tidy/tidy.sh [ROOT]
set -u
root=${1:-$(dirname "$0")/../..}
cd "$root" || exit 2

sources=$(find core sim lua tests -name '*.[ch]' | LC_ALL=C sort)
problems=$(
    # 1. Includes against the table.
    for file in $sources; do
        printf '%s ' "$file"
        sed -n 's/^ *# *include *\(["<][^">]*[">]\).*/\1/p' "$file" | tr '\n' ' '
        echo
    done | awk '
        function folder(path) { sub(/\/[^\/]*$/, "", path); if (path ~ /^(lua|tests)/) sub(/\/.*/, "", path); return path }
        FILENAME != "-" {
            if (/^#/ || NF == 0) next
            if ($1 ~ /^</) { outside[$1] = ""; for (i = 2; i <= NF; i++) outside[$1] = outside[$1] " " $i; next }
            known[$1] = 1; allowed[$1] = $1; for (i = 2; i <= NF; i++) allowed[$1] = allowed[$1] " " $i; next
        }
        {
            from = folder($1)
            if (!(from in known)) print $1 ": its folder is not in tests/tidy/layers.txt"
            for (i = 2; i <= NF; i++) {
                ok = 0
                if ($i ~ /^"/) {
                    to = $i; gsub(/"/, "", to)
                    if (to !~ /\//) { print $1 ": include " $i " from the root of the tree"; continue }
                    count = split(allowed[from], names, " ")
                    for (n = 1; n <= count; n++) if (index(to, names[n]) == 1) ok = 1
                    if (!ok) print $1 ": may not include " $i
                } else if ($i in outside) {
                    count = split(outside[$i], names, " ")
                    for (n = 1; n <= count; n++) if (index($1, names[n]) == 1) ok = 1
                    if (!ok) print $1 ": may not include " $i
                }
            }
        }' tests/tidy/layers.txt -

    # 2. Every source file stands in a CMakeLists.txt of its folder (or the one above).
    for file in $(echo "$sources" | grep '\.c$'); do
        name=$(basename "$file")
        folder=$(dirname "$file")
        grep -qsw -- "$name" "$folder/CMakeLists.txt" "$(dirname "$folder")/CMakeLists.txt" ||
            echo "$file: is built by nobody"
    done

    # 3. Every folder of sources or scenarios has a README.md.
    for folder in lua scenarios $(find core sim tests -maxdepth 1 -type d | LC_ALL=C sort); do
        [ -f "$folder/README.md" ] || echo "$folder: has no README.md"
    done

    # 4. Habits.
    for file in $sources; do
        awk -v file="$file" '
            /\t/ { print file ":" NR ": a tab" }
            /[ \t]$/ { print file ":" NR ": space at the end of the line" }
            length($0) > 120 { print file ":" NR ": a line of " length($0) " columns" }
            /TODO|FIXME|XXX/ { print file ":" NR ": unfinished: " $0 }
            END { if (NR > 700) print file ": " NR " lines; which second noun lives here?" }' "$file"
    done

    # 5. Core and sim ask nobody for time, chance or surroundings.
    grep -nE '\b(rand|srand|random|getenv|clock_gettime|gettimeofday|qsort|setlocale|strtod|localtime|gmtime)\(' \
        $(find core sim/kernel sim/net sim/disk sim/host sim/check -name '*.[ch]') |
        sed 's/$/   (not deterministic, or not the same everywhere)/'
)
if [ -n "$problems" ]; then
    echo "$problems"
    echo "$problems" | wc -l | sed 's/ //g; s/$/ problems/'
    exit 1
fi
echo "tidy: $(echo "$sources" | wc -l | tr -d ' ') files, nothing to say"
