/* Short runs per second: 3 clients, 20 operations each, by drivers in Lua (short_*.lua) and by
 * users (users_*.lua). The scenario's script is frozen and rewound, as in a sweep; world, stores
 * and checkers are made and freed for every run. Beside it the plain programs of round_bench, their
 * set-up included, doing as many rounds. short_bench FOLDER [RUNS]
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

typedef struct measure {
    double seconds;                         /* of a run */
    double writes, pushes, pulls, messages; /* in a run */
    long tenth_kib, peak_kib; /* the most that the process ever held, after a tenth and after all */
} measure;

static void add_counts(measure *m, const sim_counts *counts, uint32_t runs)
{
    m->writes += (double)counts->operations / runs;
    m->pushes += (double)counts->pushes / runs;
    m->pulls += (double)counts->pulls / runs;
    m->messages += (double)counts->messages / runs;
}

static measure ours(const char *path, uint32_t runs)
{
    measure m = {0};
    double start = bench_cpu_seconds();
    sy_err err;
    script *loaded;
    must(script_open(sy_alloc_std(), path, NULL, &loaded, &err), &err);
    must(script_freeze(loaded, &err), &err);
    for (uint32_t seed = 1; seed <= runs; seed++) {
        sim_scenario scenario = script_scenario(loaded);
        sim_result result;
        must(sim_run(&scenario, &(sim_options){.seed = seed}, NULL, NULL, &result, &err), &err);
        if (result.verdict != SIM_PASSED) {
            fprintf(stderr, "short_bench: seed %u: %s %s\n", seed, sim_verdict_name(result.verdict),
                    result.reason);
            exit(70);
        }
        add_counts(&m, &result.counts, runs);
        sim_result_deinit(&result);
        script_rewind(loaded);
        if (seed == (runs + 9) / 10) {
            m.tenth_kib = peak_kib();
        }
    }
    m.seconds = (bench_cpu_seconds() - start) / runs;
    m.peak_kib = peak_kib();
    script_close(loaded);
    return m;
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

static void compare(const char *folder, const char *scenario, bool sqlite, uint32_t runs)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.lua", folder, scenario);
    const measure mine = ours(path, runs);
    const double bare = plain(sqlite, runs);
    printf("%-12s %8.0f short runs/s (%6.0f us)  plain %8.0f (%6.0f us)  ratio %.3f\n", scenario,
           1 / mine.seconds, mine.seconds * 1e6, 1 / bare, bare * 1e6, bare / mine.seconds);
    printf("             a run: %.0f writes, %.0f pushes, %.0f pulls, %.0f messages; peak %ld KiB "
           "after a tenth of the runs, %ld after all\n",
           mine.writes, mine.pushes, mine.pulls, mine.messages, mine.tenth_kib, mine.peak_kib);
    fflush(stdout);
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
    compare(argv[1], "short_memory", false, runs);
    compare(argv[1], "short_sqlite", true, runs);
    compare(argv[1], "users_memory", false, runs);
    compare(argv[1], "users_sqlite", true, runs);
    return 0;
}
