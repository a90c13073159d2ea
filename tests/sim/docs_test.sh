#!/bin/sh
# Runs every scenario that the documents show, and compares with what they say of it. Usage: docs_test.sh PROGRAM DOCUMENT...
# A comment before the fence says it: <!-- exit CODE[: PATTERN][; in place of the last three lines] -->. The last form is a part: it
# stands in the last whole scenario instead of the last three lines of its `run`. A whole scenario without such a comment is a failure.
program=$1
shift
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
failed=0
checked=0

# Snippets as NUMBER.lua and NUMBER.mark, numbered as they stand.
extract() {
    awk -v folder="$2" '
        /^<!-- exit / { mark = $0; sub(/^<!-- /, "", mark); sub(/ -->$/, "", mark); next }
        /^```lua/ { inside = 1; number++; name = sprintf("%s/%02d", folder, number); print mark > (name ".mark"); close(name ".mark"); next }
        /^```/ { inside = 0; mark = "" }
        inside { print > (name ".lua") }
        /^[^`<]/ && !inside { mark = "" }' "$1"
}

fail() {
    echo "FAIL: $1"
    failed=$((failed + 1))
}

run() { # run NAME MARK FILE
    want=${2#exit }
    code=${want%%[:;]*}
    pattern=$(printf '%s\n' "${want%%;*}" | sed -n 's/^[0-9]*: //p')
    "$program" run "$3" >"$folder/out" 2>&1
    actual=$?
    checked=$((checked + 1))
    if [ "$actual" -ne "$code" ]; then
        fail "$1: exit code $actual, the text says $code"
        cat "$folder/out"
    elif ! grep -q -e "$pattern" "$folder/out"; then
        fail "$1: no line matches '$pattern'"
        cat "$folder/out"
    fi
}

for document in "$@"; do
    name=$(basename "$document" .md)
    mkdir -p "$folder/$name"
    extract "$document" "$folder/$name"
    whole=
    for file in "$folder/$name"/*.lua; do
        mark=$(cat "${file%.lua}.mark")
        if grep -q '^return sim\.' "$file"; then
            whole=$file
            [ -n "$mark" ] || fail "$document: a scenario of which nothing is said: $(sed -n 4p "$file")"
        elif [ -n "$mark" ]; then
            awk -v part="$file" '
                { lines[++count] = $0 }
                END {
                    last = count
                    while (lines[last] !~ /^  end,$/) last--
                    for (i = 1; i < last - 3; i++) print lines[i]
                    while ((getline line < part) > 0) print line
                    for (i = last; i <= count; i++) print lines[i]
                }' "$whole" >"$file.whole"
            file=$file.whole
        fi
        [ -z "$mark" ] || run "$document: $mark" "$mark" "$file"
    done
done

# What the documents call an option, a command or an exit code is one.
helps=$(for command in $("$program" --help | sed -n 's/^  syncsim \([a-z]*\) .*/\1/p'); do "$program" "$command" --help; done)
for word in $(sed -n 's/^| `\(syncsim .*\)`.*/\1/p' "$1" | grep -o -e '-[-a-z]*' | sort -u); do
    checked=$((checked + 1))
    echo "$helps" | grep -q -e "$word[ ,]" || fail "$1: there is no option $word"
done

echo "$checked checks, $failed failed"
[ "$failed" -eq 0 ] && [ "$checked" -gt 0 ]
