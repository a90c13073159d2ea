#!/usr/bin/env bash
# Builds every preset and runs every test. Ends with "N passed, N failed, N skipped" over the parts below; exit 1 when one failed.
# Optional parts (clang, clang-tidy, clang-format) are skipped loudly when they are not there; SYNCSIM_REQUIRE=all demands them.
set -u
cd "$(dirname "$0")/.."
passed=0 failed=0 skipped=0

part() { # part NAME COMMAND...
    local name=$1
    shift
    echo "== $name"
    local start=$SECONDS
    if "$@"; then
        passed=$((passed + 1))
        echo "== $name: passed ($((SECONDS - start)) s)"
    else
        failed=$((failed + 1))
        echo "== $name: FAILED ($((SECONDS - start)) s)"
    fi
}

optional() { # optional TOOL NAME COMMAND...
    local tool=$1 name=$2
    shift
    if command -v "$tool" > /dev/null; then
        part "$@"
    elif [ "${SYNCSIM_REQUIRE:-}" = all ]; then
        failed=$((failed + 1))
        echo "== $name: FAILED: $tool is not installed and SYNCSIM_REQUIRE=all demands it"
    else
        skipped=$((skipped + 1))
        echo "== $name: SKIPPED: $tool is not installed"
    fi
}

build() { # build FOLDER PRESET OPTIONS...
    local folder=$1 preset=$2
    shift 2
    cmake --preset "$preset" -B "build/$folder" -DSYNCSIM_WERROR=ON "$@" > /dev/null && cmake --build "build/$folder"
}

format() {
    git ls-files -z '*.c' '*.h' | xargs -0 clang-format --dry-run --Werror
}

part "build dev (gcc, sanitizers)" build dev dev
part "build release (gcc -O2)" build release release
optional clang "build clang (clang -O0)" build clang clang
optional clang "build clang-release (clang -O2)" build clang-release clang -DCMAKE_BUILD_TYPE=Release
part "tests of the dev build" ctest --test-dir build/dev --output-on-failure -j 2
part "scenarios" build/release/syncsim test scenarios -j2
part "worlds in sound, 1000 seeds" tests/sim/worlds.sh build/release/syncsim 1..1000
part "determinism" tests/sim/determinism.sh build/release build/dev build/clang build/clang-release
optional clang-format "clang-format" format
optional clang-tidy "clang-tidy" build tidy tidy

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
