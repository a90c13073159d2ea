/* 50 devices, 20 edits each on 100 shared rows, pushes and pulls until nothing is pending and
 * everybody holds the same: the simulated twin of tests/conformance/realstack/perf/converge.mjs.
 * As there, the clock runs over edits, pushes and pulls, not over making the devices and their
 * first pulls.
 *
 * converge_bench [REPETITIONS [DIALECT SERVER]] */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/hash.h"
#include "sim/run/simulation.h"
#include "tests/bench/bench.h"

#define DEVICE_COUNT         50
#define EDIT_COUNT           20
#define ROW_COUNT            100
#define ROUND_COUNT_MAX      20
#define REPETITION_COUNT_MAX 1000

typedef struct bench {
    sim_simulation *simulation;
    sy_arena arena;
    const sy_schema *schema; /* the clients' */
    uint64_t random;
    uint32_t waiting; /* calls that have not ended */
    uint32_t failed;
} bench;

typedef struct device {
    bench *owner;
    sim_client_host *host;
    sy_row *row;
    uint32_t number, edits;
} device;

typedef struct result {
    double seconds, requests, rounds;
    bool converged;
} result;

static void must(sy_rc rc, const sy_err *err)
{
    if (rc != SY_OK) {
        (void)fprintf(stderr, "converge_bench: %s\n", err->text);
        exit(70);
    }
}

static double wall_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void call(device *d, const sy_call *what, sim_done done)
{
    sy_err err;
    sy_ticket ticket;
    must(sim_client_host_call(d->host, what, done, d, &ticket, &err), &err);
}

static void on_pulled(void *self, sy_rc rc, const sy_outcome *outcome)
{
    device *d = self;
    (void)outcome;
    d->owner->failed += rc != SY_OK;
    d->owner->waiting--;
}

static void pull(device *d)
{
    sy_query query = sy_query_all(d->owner->schema);
    call(d,
         &(sy_call){.verb = SY_VERB_PULL,
                    .table = d->owner->schema->name,
                    .query = &query,
                    .query_id = SY_STR("q")},
         on_pulled);
}

static void on_pushed(void *self, sy_rc rc, const sy_outcome *outcome)
{
    device *d = self;
    (void)outcome;
    d->owner->failed += rc != SY_OK;
    pull(d);
}

static void name_row(uint32_t number, char out[16])
{
    (void)snprintf(out, 16, "r%05" PRIu32, number);
}

static void edit(device *d);

static void on_edited(void *self, sy_rc rc, const sy_outcome *outcome)
{
    device *d = self;
    (void)outcome;
    d->owner->failed += rc != SY_OK;
    if (d->edits < EDIT_COUNT) {
        edit(d);
    } else {
        d->owner->waiting--;
    }
}

static void edit(device *d)
{
    bench *b = d->owner;
    char id[16];
    char text[32];
    b->random = sy_hash_mix(b->random, d->number);
    name_row((uint32_t)(b->random % ROW_COUNT), id);
    int size = snprintf(text, sizeof text, "c%u e%u", d->number, d->edits);
    d->row->cells[SY_COLUMN_ID] = sy_cstr(id);
    d->row->cells[SY_SYSTEM_COUNT] = sy_text((sy_str){text, (size_t)size});
    d->row->cells[SY_SYSTEM_COUNT + 2] = sy_real(d->edits);
    d->edits++;
    call(d, &(sy_call){.verb = SY_VERB_UPDATE, .table = b->schema->name, .row = d->row}, on_edited);
}

/* Until every call that was begun has ended. */
static void step(bench *b)
{
    sim_world *world = sim_simulation_world(b->simulation);
    while (b->waiting > 0 && sim_world_step(world, SY_TIME_MAX)) {
    }
    if (b->waiting > 0 || b->failed > 0) {
        (void)fprintf(stderr, "converge_bench: %u calls failed, %u did not end\n", b->failed,
                      b->waiting);
        exit(70);
    }
}

/* -- making it -- */

static void fill_server(bench *b)
{
    sim_server_host *server = sim_simulation_server(b->simulation);
    sy_arena scratch;
    sy_arena_init(&scratch, sy_alloc_std());
    sy_err err;
    for (uint32_t i = 0; i < ROW_COUNT; i++) {
        char id[16];
        name_row(i, id);
        sy_row *row = sy_row_new(&scratch, b->schema);
        row->cells[SY_COLUMN_ID] = sy_cstr(id);
        row->cells[SY_SYSTEM_COUNT] = sy_cstr("row");
        row->cells[SY_SYSTEM_COUNT + 1] = sy_bool(i % 2 == 0);
        row->cells[SY_SYSTEM_COUNT + 2] = sy_real(i % 10);
        sy_request request = {.method = SY_METHOD_INSERT,
                              .table = b->schema->name,
                              .id = sy_str_of(id),
                              .row = row,
                              .since_sequence = -1};
        sy_response response;
        must(sim_server_host_serve(server, &request, &scratch, &response, &err), &err);
        if (response.status != 200 && response.status != 201) {
            (void)fprintf(stderr, "converge_bench: insert answered %d\n", response.status);
            exit(70);
        }
        sy_arena_reset(&scratch);
    }
    sy_arena_deinit(&scratch);
}

static void add_device(bench *b, device *d, uint32_t number)
{
    sy_err err;
    char name[16];
    (void)snprintf(name, sizeof name, "c%u", number);
    sim_device *made;
    sy_client_table table = {.schema = b->schema, .policy = &sy_policy_client_wins};
    sim_device_config config = {
        .name = name,
        .tables = &table,
        .table_count = 1,
        .weather.net = {.latency_min_ns = SY_MS, .latency_spread_ns = SY_MS}};
    must(sim_simulation_add_device(b->simulation, &config, &made, &err), &err);
    *d = (device){.owner = b, .host = sim_device_host(made), .number = number};
    d->row = sy_row_new(&b->arena, b->schema);
    sim_world *world = sim_simulation_world(b->simulation);
    while (sim_world_step(world, world->now)) { /* it starts */
    }
}

static void open_bench(bench *b, device *devices, const sim_options *options)
{
    sy_err err;
    *b = (bench){.random = options->seed};
    sy_arena_init(&b->arena, sy_alloc_std());
    const sy_column columns[] = {{SY_STR("text"), SY_TYPE_TEXT},
                                 {SY_STR("complete"), SY_TYPE_BOOL},
                                 {SY_STR("priority"), SY_TYPE_REAL}};
    bool sound = options->dialect == &sy_dialect_sound;
    uint32_t system = sound ? (1u << SY_SYSTEM_COUNT) - 1 : SY_SYSTEM_CLASSIC;
    must(sy_schema_new(&b->arena, SY_STR("todoitem"), system, columns, 3, &b->schema, &err), &err);
    must(sim_simulation_new(sy_alloc_std(), options, &b->simulation, &err), &err);
    sy_server_table table = {.schema = b->schema, .soft_delete = true};
    must(sim_simulation_add_server(b->simulation,
                                   &(sim_server_options){.dialect = options->server,
                                                         .tables = &table,
                                                         .table_count = 1,
                                                         .workers = 1, /* as Node has one thread */
                                                         .service_ns = SY_MS},
                                   &err),
         &err);
    fill_server(b);
    for (uint32_t i = 0; i < DEVICE_COUNT; i++) {
        add_device(b, &devices[i], i);
    }
    b->waiting = DEVICE_COUNT;
    for (uint32_t i = 0; i < DEVICE_COUNT; i++) {
        pull(&devices[i]);
    }
    step(b);
}

/* -- what is measured -- */

static uint64_t hash_store(const device *d, sy_arena *scratch)
{
    sy_err err;
    sy_rows rows;
    sy_query query = sy_query_all(d->owner->schema);
    uint64_t hash = 0;
    must(sy_store_query(sim_client_host_store(d->host), &query, scratch, &rows, &err), &err);
    for (size_t i = 0; i < rows.count; i++) {
        sy_str version = sy_row_version(rows.items[i]);
        sy_str id = sy_row_id(rows.items[i]);
        hash = sy_hash(version.data, version.size, sy_hash(id.data, id.size, hash));
    }
    sy_arena_reset(scratch);
    return hash;
}

static bool converged(const device *devices)
{
    sy_arena scratch;
    sy_arena_init(&scratch, sy_alloc_std());
    uint64_t first = hash_store(&devices[0], &scratch);
    bool same = true;
    for (uint32_t i = 0; i < DEVICE_COUNT && same; i++) {
        const sy_client *client = sim_client_host_client(devices[i].host);
        same = sy_client_pending(client, (sy_str){0}) == 0 &&
               hash_store(&devices[i], &scratch) == first;
    }
    sy_arena_deinit(&scratch);
    return same;
}

static result run_once(const sim_options *options)
{
    bench b;
    device devices[DEVICE_COUNT];
    result out = {0};
    open_bench(&b, devices, options);
    uint64_t before = sim_simulation_counts(b.simulation).messages;
    double start = wall_seconds();
    b.waiting = DEVICE_COUNT;
    for (uint32_t i = 0; i < DEVICE_COUNT; i++) {
        edit(&devices[i]);
    }
    step(&b);
    do {
        out.rounds++;
        b.waiting = DEVICE_COUNT;
        for (uint32_t i = 0; i < DEVICE_COUNT; i++) {
            call(&devices[i], &(sy_call){.verb = SY_VERB_PUSH}, on_pushed);
        }
        step(&b);
    } while (!converged(devices) && out.rounds < ROUND_COUNT_MAX);
    out.seconds = wall_seconds() - start;
    out.converged = converged(devices);
    out.requests = (double)(sim_simulation_counts(b.simulation).messages - before) / 2;
    sim_simulation_free(b.simulation);
    sy_arena_deinit(&b.arena);
    return out;
}

int main(int argc, char **argv)
{
    size_t repetitions = argc > 1 ? strtoul(argv[1], NULL, 10) : 20;
    sim_options options = {
        .dialect = sy_dialect_find(argc > 2 ? sy_str_of(argv[2]) : SY_STR("mobile-apps-js")),
        .server = sy_server_dialect_find(argc > 3 ? sy_str_of(argv[3]) : SY_STR("node"))};
    if (options.dialect == NULL || options.server == NULL || repetitions < 1 ||
        repetitions > REPETITION_COUNT_MAX) {
        (void)fprintf(stderr, "usage: converge_bench [REPETITIONS [DIALECT SERVER]]\n");
        return 64;
    }
    double seconds[REPETITION_COUNT_MAX];
    double requests[REPETITION_COUNT_MAX];
    double rounds[REPETITION_COUNT_MAX];
    size_t count = 0; /* of runs that converged */
    for (size_t i = 0; i < repetitions; i++) {
        options.seed = i + 1;
        result one = run_once(&options);
        seconds[count] = one.seconds;
        requests[count] = one.requests;
        rounds[count] = one.rounds;
        count += one.converged;
    }
    if (count < repetitions) { /* a dialect may lose a row for good: that is for checkers to say */
        printf("%zu runs did not converge and are left out\n", repetitions - count);
    }
    if (count == 0) {
        return 1;
    }
    double median = bench_median(seconds, count);
    printf("converge %d clients x %d edits on %d rows (%s, %s): %.5f s (%.5f .. %.5f, %zu runs)\n",
           DEVICE_COUNT, EDIT_COUNT, ROW_COUNT, options.dialect->name, options.server->name, median,
           seconds[0], seconds[count - 1], count);
    printf("  rounds: %.0f\n", bench_median(rounds, count));
    printf("  requests: %.0f\n", bench_median(requests, count));
    return 0;
}
