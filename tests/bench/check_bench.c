/* What the checkers cost: the same run with and without them, of about 1e4, 1e5 and 1e6 events.
 * DEVICE_COUNT devices in `sound`, latest wins, edit rows that they share, push and pull, again and
 * again, driven from C. Then the same of a sweep: SEED_COUNT seeds of each scenario that is named.
 *
 * check_bench [REPETITIONS [SCENARIO...]] */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/hash.h"
#include "lua/script.h"
#include "sim/check/checker.h"
#include "sim/disk/sim_vfs.h"
#include "sim/run/run.h"
#include "tests/bench/bench.h"

#define DEVICE_COUNT         16
#define EDIT_COUNT           4 /* between two pushes */
#define ROW_COUNT            64
#define REPETITION_COUNT_MAX 100
#define SEED_COUNT           50

typedef struct bench {
    sim_simulation *simulation;
    sy_arena arena;
    const sy_schema *schema;
    uint64_t random;
    uint64_t events; /* wanted */
    uint32_t running;
} bench;

typedef struct device {
    bench *owner;
    sim_client_host *host;
    sy_row *row;
    uint32_t number, edits;
} device;

static void must(sy_rc rc, const sy_err *err)
{
    if (rc != SY_OK) {
        (void)fprintf(stderr, "check_bench: %s\n", err->text);
        exit(70);
    }
}

static void call(device *d, const sy_call *what, sim_done done)
{
    sy_err err;
    sy_ticket ticket;
    must(sim_client_host_call(d->host, what, done, d, &ticket, &err), &err);
}

static void edit(device *d);

static void on_pulled(void *self, sy_rc rc, const sy_outcome *outcome)
{
    device *d = self;
    (void)rc;
    (void)outcome;
    if (sim_trace_count(sim_simulation_world(d->owner->simulation)->trace) < d->owner->events) {
        d->edits = 0;
        edit(d);
    } else {
        d->owner->running--;
    }
}

static void on_pushed(void *self, sy_rc rc, const sy_outcome *outcome)
{
    device *d = self;
    (void)rc;
    (void)outcome;
    sy_query query = sy_query_all(d->owner->schema);
    call(d,
         &(sy_call){.verb = SY_VERB_PULL,
                    .table = d->owner->schema->name,
                    .query = &query,
                    .query_id = SY_STR("q")},
         on_pulled);
}

static void on_edited(void *self, sy_rc rc, const sy_outcome *outcome)
{
    device *d = self;
    (void)rc;
    (void)outcome;
    if (d->edits < EDIT_COUNT) {
        edit(d);
    } else {
        call(d, &(sy_call){.verb = SY_VERB_PUSH}, on_pushed);
    }
}

static void edit(device *d)
{
    bench *b = d->owner;
    char id[16];
    char text[48];
    b->random = sy_hash_mix(b->random, d->number);
    (void)snprintf(id, sizeof id, "r%05" PRIu64, b->random % ROW_COUNT);
    const int size = snprintf(text, sizeof text, "%016" PRIx64, b->random);
    d->row->cells[SY_COLUMN_ID] = sy_cstr(id);
    d->row->cells[SY_SYSTEM_COUNT] = sy_text((sy_str){text, (size_t)size});
    d->row->cells[SY_SYSTEM_COUNT + 1] = sy_int((int64_t)(b->random >> 40));
    const bool fresh = d->edits++ % 2 == 0;
    call(d,
         &(sy_call){.verb = fresh ? SY_VERB_INSERT : SY_VERB_UPDATE,
                    .table = b->schema->name,
                    .row = d->row},
         on_edited);
}

static void open_bench(bench *b, device *devices, sim_check **check)
{
    static const sim_options options = {.dialect = &sy_dialect_sound, .seed = 1};
    sy_err err;
    sy_arena_init(&b->arena, sy_alloc_std());
    const sy_column columns[] = {{SY_STR("text"), SY_TYPE_TEXT}, {SY_STR("qty"), SY_TYPE_INT}};
    must(sy_schema_new(&b->arena, SY_STR("todoitem"), (1u << SY_SYSTEM_COUNT) - 1, columns, 2,
                       &b->schema, &err),
         &err);
    must(sim_simulation_new(sy_alloc_std(), &options, &b->simulation, &err), &err);
    if (check != NULL) {
        sim_trace *trace = sim_simulation_world(b->simulation)->trace;
        must(sim_check_open(sy_alloc_std(), trace, check, &err), &err);
    }
    sy_server_table table = {.schema = b->schema, .soft_delete = true};
    const sim_server_options server = {.tables = &table, .table_count = 1, .service_ns = SY_MS};
    must(sim_simulation_add_server(b->simulation, &server, &err), &err);
    for (uint32_t i = 0; i < DEVICE_COUNT; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "c%u", i);
        sy_client_table own = {.schema = b->schema, .policy = &sy_policy_latest_wins};
        const sim_device_config config = {
            .name = name,
            .tables = &own,
            .table_count = 1,
            .weather.net = {.latency_min_ns = SY_MS, .latency_spread_ns = SY_MS}};
        sim_device *made = NULL;
        must(sim_simulation_add_device(b->simulation, &config, &made, &err), &err);
        devices[i] = (device){.owner = b, .host = sim_device_host(made), .number = i};
        devices[i].row = sy_row_new(&b->arena, b->schema);
        sim_world *world = sim_simulation_world(b->simulation);
        while (sim_world_step(world, world->now)) { /* it starts */
        }
    }
}

/* CPU seconds of one run; what it came to in *events and *findings. */
static double run_once(uint64_t wanted, bool checked, uint64_t *events, size_t *findings)
{
    bench b = {.random = 1, .events = wanted, .running = DEVICE_COUNT};
    device devices[DEVICE_COUNT];
    sim_check *check = NULL;
    const double start = bench_cpu_seconds();
    open_bench(&b, devices, checked ? &check : NULL);
    sim_world *world = sim_simulation_world(b.simulation);
    for (uint32_t i = 0; i < DEVICE_COUNT; i++) {
        edit(&devices[i]);
    }
    while (b.running > 0 && sim_world_step(world, SY_TIME_MAX)) {
    }
    if (checked) {
        *findings = sim_check_close(check)->count;
    }
    *events = sim_trace_count(world->trace);
    sim_simulation_free(b.simulation);
    sim_check_free(check);
    sy_arena_deinit(&b.arena);
    return bench_cpu_seconds() - start;
}

static void print_line(uint64_t events, double *without, double *with, size_t repetitions,
                       uint64_t findings)
{
    const double a = bench_median(without, repetitions);
    const double c = bench_median(with, repetitions);
    (void)printf("%9" PRIu64 " %8.3f s %8.3f s %9.1f %6.1f %% %10" PRIu64 "\n", events, a, c,
                 (c - a) * 1e9 / (double)events, 100 * (c - a) / a, findings);
}

/* CPU seconds of SEED_COUNT runs, as a sweep does them: loaded once, rewound. */
static double sweep_once(const char *path, bool checked, uint64_t *events, uint64_t *findings)
{
    sy_err err;
    script *loaded;
    must(script_open(sy_alloc_std(), path, NULL, &loaded, &err), &err);
    must(script_freeze(loaded, &err), &err);
    const double start = bench_cpu_seconds();
    for (uint64_t seed = 1; seed <= SEED_COUNT; seed++) {
        sim_scenario scenario = script_scenario(loaded);
        const sim_run_limits limits = {.unchecked = !checked};
        sim_result result;
        must(sim_run(&scenario, &(sim_options){.seed = seed}, &limits, NULL, &result, &err), &err);
        *events += result.events;
        *findings += result.findings.count;
        sim_result_deinit(&result);
        script_rewind(loaded);
    }
    const double seconds = bench_cpu_seconds() - start;
    script_close(loaded);
    return seconds;
}

static void sweep(char *const *paths, size_t path_count, size_t repetitions)
{
    double without[REPETITION_COUNT_MAX] = {0};
    double with[REPETITION_COUNT_MAX] = {0};
    uint64_t events = 0;
    uint64_t findings = 0;
    for (size_t i = 0; i < repetitions; i++) {
        events = 0; /* the same each time */
        for (size_t k = 0; k < path_count; k++) {
            uint64_t same = 0;
            without[i] += sweep_once(paths[k], false, &same, &findings);
            with[i] += sweep_once(paths[k], true, &events, &findings);
        }
    }
    (void)printf("%zu scenarios, %d seeds of each\n", path_count, SEED_COUNT);
    print_line(events, without, with, repetitions, findings);
}

int main(int argc, char **argv)
{
    size_t repetitions = argc > 1 ? strtoul(argv[1], NULL, 10) : 5;
    if (repetitions == 0 || repetitions > REPETITION_COUNT_MAX) {
        (void)fprintf(stderr, "check_bench: 1 to %d repetitions\n", REPETITION_COUNT_MAX);
        return 64;
    }
    (void)puts("   events   without      with   ns/event   share   findings");
    for (uint64_t wanted = 10000; wanted <= 1000000; wanted *= 10) {
        double without[REPETITION_COUNT_MAX];
        double with[REPETITION_COUNT_MAX];
        uint64_t events = 0;
        size_t findings = 0;
        for (size_t i = 0; i < repetitions; i++) {
            without[i] = run_once(wanted, false, &events, &findings);
            with[i] = run_once(wanted, true, &events, &findings);
        }
        print_line(events, without, with, repetitions, findings);
    }
    if (argc > 2) {
        sy_err err;
        must(sim_vfs_install(&err), &err);
        sweep(argv + 2, (size_t)argc - 2, repetitions);
    }
    return 0;
}
