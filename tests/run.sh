#!/usr/bin/env bash
# Builds every preset and runs every test. Ends with "N passed, N failed, N skipped" over the parts below; exit 1 when one failed.
# Optional parts (clang, clang-tidy, clang-format, Slurm) are skipped loudly when they are not there; SYNCSIM_REQUIRE=all demands them.
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

has_libfuzzer() {
    echo 'int LLVMFuzzerTestOneInput(const unsigned char *d, unsigned long n); int LLVMFuzzerTestOneInput(const unsigned char *d, unsigned long n) { return d == 0 && n > 0; }' |
        clang -x c -fsanitize=fuzzer,address - -o /dev/null 2> /dev/null
}

fuzz_guided() {
    cmake --preset fuzz -DSYNCSIM_WERROR=ON > /dev/null && cmake --build build/fuzz --target fuzz_targets && tests/fuzz/run.sh build/fuzz "$fuzz_seconds"
}

# Each target for FUZZ_SECONDS: on libFuzzer, or else on a mutator of our own.
fuzz() {
    fuzz_seconds=${FUZZ_SECONDS:-60}
    if has_libfuzzer; then
        part "fuzz, $fuzz_seconds s each (libFuzzer)" fuzz_guided
        return
    fi
    part "fuzz, $fuzz_seconds s each (unguided)" tests/fuzz/run.sh build/dev "$fuzz_seconds"
    if [ "${SYNCSIM_REQUIRE:-}" = all ]; then
        failed=$((failed + 1))
        echo "== libFuzzer: FAILED: clang has none (libclang-rt-dev) and SYNCSIM_REQUIRE=all demands it"
    else
        skipped=$((skipped + 1))
        echo "== libFuzzer: SKIPPED: clang has none (libclang-rt-dev)"
    fi
}

part "build dev (gcc, sanitizers)" build dev dev
part "build release (gcc -O2)" build release release
optional clang "build clang (clang -O0)" build clang clang
optional clang "build clang-release (clang -O2)" build clang-release clang -DCMAKE_BUILD_TYPE=Release
part "tests of the dev build" ctest --test-dir build/dev --output-on-failure -j 2
part "scenarios" build/release/syncsim test scenarios -j2
part "worlds in sound, 1000 seeds in their own weather, 300 under swarm" tests/sim/worlds.sh build/release/syncsim 1..1000 1..300
optional slurmctld "a sweep on Slurm" tests/sim/slurm_test.sh "$PWD/build/release/syncsim" "$PWD"
part "mutants, 1000 seeds" build/release/mutants -j 2 --seeds 1..1000
part "determinism" tests/sim/determinism.sh build/release build/dev build/clang build/clang-release
part "closed forms" build/release/syncsim selftest --theory
part "queries in both back ends, a million pairs" build/release/odata_property --pairs 1000000
fuzz
optional npm "the real client against syncsim serve" tests/conformance/realstack/check.sh build/release/syncsim build/realstack
optional clang-format "clang-format" format
optional clang-tidy "clang-tidy" build tidy tidy

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
