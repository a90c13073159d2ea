/* Short runs per second: 3 clients, 20 operations each. The scenario's script is frozen and
 * rewound, as in a sweep; world, stores and checkers are made and freed for every run. Beside it
 * the plain programs of round_bench, their set-up included, doing as many rounds. short_bench
 * FOLDER [RUNS]
 */
#include <stdio.h>
#include <sys/resource.h>

#include "lua/script.h"
#include "sim/disk/sim_vfs.h"
#include "sim/run/run.h"
#include "tests/bench/bench.h"
#include "tests/bench/plain_round.h"
#include "tests/bench/plain_sqlite_round.h"

static void must(sy_rc rc, const sy_err *err)
{
    if (rc != SY_OK) {
        fprintf(stderr, "short_bench: %s\n", err->text);
        exit(70);
    }
}

static long peak_kib(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

/* `memory`: the most that the process ever held, after a tenth of the runs and after all. */
static double ours(const char *path, uint32_t runs, long memory[2])
{
    double start = bench_cpu_seconds();
    sy_err err;
    script *loaded;
    must(script_open(sy_alloc_std(), path, NULL, &loaded, &err), &err);
    must(script_freeze(loaded, &err), &err);
    for (uint32_t seed = 1; seed <= runs; seed++) {
        sim_scenario scenario = script_scenario(loaded);
        sim_result result;
        must(sim_run(&scenario, &(sim_options){.seed = seed}, NULL, NULL, &result, &err), &err);
        if (result.verdict != SIM_PASSED || result.counts.operations < 60) {
            fprintf(stderr, "short_bench: seed %u: %s %s\n", seed, sim_verdict_name(result.verdict),
                    result.reason);
            exit(70);
        }
        sim_result_deinit(&result);
        script_rewind(loaded);
        if (seed == (runs + 9) / 10) {
            memory[0] = peak_kib();
        }
    }
    memory[1] = peak_kib();
    script_close(loaded);
    return (bench_cpu_seconds() - start) / runs;
}

static double plain(bool sqlite, uint32_t runs)
{
    double start = bench_cpu_seconds();
    for (uint32_t i = 0; i < runs; i++) {
        double inner;
        if (sqlite) {
            (void)plain_sqlite_round_run(3, 20, 60, NULL, &inner);
        } else {
            (void)plain_round_run(3, 20, 60, NULL, &inner);
        }
    }
    return (bench_cpu_seconds() - start) / runs;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: short_bench FOLDER [RUNS]\n");
        return 64;
    }
    uint32_t runs = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 2000;
    sy_err err;
    must(sim_vfs_install(&err), &err);
    for (int sqlite = 0; sqlite < 2; sqlite++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/short_%s.lua", argv[1], sqlite ? "sqlite" : "memory");
        long memory[2] = {0};
        double mine = ours(path, runs, memory);
        double bare = plain(sqlite, runs);
        printf("%-7s %8.0f short runs/s (%6.0f us)  plain %8.0f (%6.0f us)  ratio %.3f   "
               "peak %ld KiB after a tenth, %ld after all\n",
               sqlite ? "sqlite" : "memory", 1 / mine, mine * 1e6, 1 / bare, bare * 1e6,
               bare / mine, memory[0], memory[1]);
        fflush(stdout);
    }
    return 0;
}
