# What tests of the program share; to be sourced. `program` is set before; goes into a folder of its own, which is gone in the end.
# shellcheck shell=sh
if [ ! -x "$program" ]; then
    echo "FAIL: there is no program $program"
    exit 1
fi
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
failed=0
checked=0

# expect NAME CODE PATTERN COMMAND...: that exit code, and a line of output or complaint that matches PATTERN
expect() {
    name=$1
    code=$2
    pattern=$3
    shift 3
    "$@" >out 2>err
    actual=$?
    checked=$((checked + 1))
    if [ "$actual" -ne "$code" ]; then
        echo "FAIL: $name: exit code $actual instead of $code"
        head -n 20 out err
        failed=$((failed + 1))
    elif ! cat out err | grep -q -e "$pattern"; then
        echo "FAIL: $name: no line matches '$pattern'"
        head -n 20 out err
        failed=$((failed + 1))
    fi
}

# that a command succeeds
check() {
    name=$1
    shift
    checked=$((checked + 1))
    if ! "$@"; then
        echo "FAIL: $name"
        failed=$((failed + 1))
    fi
}
