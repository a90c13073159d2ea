#!/bin/sh
# Every scenario runs the same, event for event, when its messages go through text. Usage: codec_test.sh PROGRAM SCENARIOS
program=$1
scenarios=$2
failed=0
count=0
compare() { # compare NAME ARGUMENTS...
    name=$1
    shift
    plain=$("$program" run "$@" 2>&1 | grep '^[0-9]* events, trace')
    coded=$("$program" run "$@" --codec 2>&1 | grep '^[0-9]* events, trace')
    count=$((count + 1))
    if [ -z "$plain" ] || [ "$plain" != "$coded" ]; then
        echo "FAIL: $name: '$plain' and, through text, '$coded'"
        failed=$((failed + 1))
    fi
}
for file in $(find "$scenarios" -name lib -prune -o -name '*.lua' -print | sort); do
    compare "$file" "$file"
done
for file in "$scenarios"/worlds/*.lua; do
    for pair in mobile-services:netfx mobile-apps:node mobile-apps:datasync mobile-apps-js:node mobile-apps-android:netfx \
        mobile-apps-ios:node datasync:datasync toolkit:toolkit toolkit:sound; do
        compare "$file $pair" "$file" --dialect "${pair%:*}" --server "${pair#*:}" --seed 3
    done
done
echo "$count runs, $failed differ"
exit $((failed > 0))
