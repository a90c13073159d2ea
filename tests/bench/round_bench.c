/* Whole sync rounds per second: a local update, its push through link and server, the answer's
 * write-back, on every device at once, through the engine, the choice, the trace and its digest, as
 * a scenario has them. Each beside a plain program in the same run.
 *
 * round_bench [ROUNDS [memory|sqlite CLIENTS]]; without a store it measures all of them and also
 * prints the bytes that one more idle client costs. */
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "sim/disk/sim_vfs.h"
#include "sim/run/simulation.h"
#include "tests/bench/bench.h"
#include "tests/bench/plain_round.h"
#include "tests/bench/plain_sqlite_round.h"

#define ROW_COUNT        20
#define REPETITION_COUNT 5

typedef struct bench {
    sim_simulation *simulation;
    sy_arena arena;
    const sy_schema *schema; /* the clients' */
    uint64_t started, done, wanted;
    uint32_t failed;
} bench;

typedef struct device {
    bench *owner;
    sim_client_host *host;
    uint32_t number, turn;
    sy_row *row;
    char id[24];
} device;

static void must(sy_rc rc, const sy_err *err)
{
    if (rc != SY_OK) {
        fprintf(stderr, "round_bench: %s\n", err->text);
        exit(70);
    }
}

static void call(device *d, const sy_call *what, sim_done done)
{
    sy_err err;
    sy_ticket ticket;
    must(sim_client_host_call(d->host, what, done, d, &ticket, &err), &err);
}

static void write_row(device *d);

static void on_pushed(void *self, sy_rc rc, const sy_outcome *outcome)
{
    device *d = self;
    (void)outcome;
    if (rc != SY_OK) {
        d->owner->failed++;
    }
    d->owner->done++;
    if (d->owner->started < d->owner->wanted) {
        write_row(d);
    }
}

static void on_written(void *self, sy_rc rc, const sy_outcome *outcome)
{
    (void)outcome;
    device *d = self;
    if (rc != SY_OK) {
        d->owner->failed++;
        return;
    }
    call(d, &(sy_call){.verb = SY_VERB_PUSH}, on_pushed);
}

static void write_row(device *d)
{
    d->owner->started++;
    snprintf(d->id, sizeof d->id, "c%u-r%u", d->number, d->turn++ % ROW_COUNT);
    d->row->cells[SY_COLUMN_ID] = sy_cstr(d->id);
    d->row->cells[SY_SYSTEM_COUNT + 1] = sy_int((int64_t)d->owner->started);
    call(d, &(sy_call){.verb = SY_VERB_UPDATE, .table = d->owner->schema->name, .row = d->row},
         on_written);
}

static void on_pulled(void *self, sy_rc rc, const sy_outcome *outcome);

/* Its own rows. */
static void pull(device *d)
{
    char owner[16];
    snprintf(owner, sizeof owner, "c%u", d->number);
    sy_arena scratch;
    sy_arena_init(&scratch, sy_alloc_std());
    sy_query query = sy_query_all(d->owner->schema);
    query.filter =
        sy_expr_binary(&scratch, SY_EXPR_EQ, sy_expr_column(&scratch, SY_SYSTEM_COUNT + 2),
                       sy_expr_literal(&scratch, sy_cstr(owner)));
    call(d,
         &(sy_call){.verb = SY_VERB_PULL,
                    .table = d->owner->schema->name,
                    .query = &query,
                    .query_id = SY_STR("mine")},
         on_pulled);
    sy_arena_deinit(&scratch);
}

/* One after the other, so that what is idle afterwards is not what all of them needed at once. */
static void on_pulled(void *self, sy_rc rc, const sy_outcome *outcome)
{
    device *d = self;
    if (rc != SY_OK || outcome->count != ROW_COUNT) {
        d->owner->failed++;
    }
    d->owner->done++;
    if (d->owner->done < d->owner->wanted) {
        pull(d + 1);
    }
}

static void fill_server(bench *b, uint32_t devices)
{
    sim_server_host *server = sim_simulation_server(b->simulation);
    sy_arena scratch;
    sy_arena_init(&scratch, sy_alloc_std());
    sy_err err;
    for (uint32_t i = 0; i < devices * ROW_COUNT; i++) {
        char id[24];
        char owner[16];
        snprintf(id, sizeof id, "c%u-r%u", i / ROW_COUNT, i % ROW_COUNT);
        snprintf(owner, sizeof owner, "c%u", i / ROW_COUNT);
        sy_row *row = sy_row_new(&scratch, b->schema);
        row->cells[SY_COLUMN_ID] = sy_cstr(id);
        row->cells[SY_SYSTEM_COUNT] = sy_cstr("item name number 12 with some text here");
        row->cells[SY_SYSTEM_COUNT + 1] = sy_int(0);
        row->cells[SY_SYSTEM_COUNT + 2] = sy_cstr(owner);
        sy_request request = {.method = SY_METHOD_INSERT,
                              .table = b->schema->name,
                              .id = sy_str_of(id),
                              .row = row,
                              .since_sequence = -1};
        sy_response response;
        must(sim_server_host_serve(server, &request, &scratch, &response, &err), &err);
        if (response.status != 201) {
            fprintf(stderr, "round_bench: insert answered %d\n", response.status);
            exit(70);
        }
        sy_arena_reset(&scratch);
    }
    sy_arena_deinit(&scratch);
}

static void step_until_done(bench *b)
{
    sim_world *world = sim_simulation_world(b->simulation);
    while (b->done < b->wanted && sim_world_step(world, SY_TIME_MAX)) {
    }
    if (b->failed != 0 || b->done < b->wanted) {
        fprintf(stderr, "round_bench: %u calls failed, %" PRIu64 " of %" PRIu64 " done\n",
                b->failed, b->done, b->wanted);
        exit(70);
    }
}

static void open_bench(bench *b, device *devices, uint32_t count, sim_store_kind store)
{
    sy_err err;
    memset(b, 0, sizeof *b);
    sy_arena_init(&b->arena, sy_alloc_std());
    const sy_column columns[] = {{SY_STR("title"), SY_TYPE_TEXT},
                                 {SY_STR("quantity"), SY_TYPE_INT},
                                 {SY_STR("owner"), SY_TYPE_TEXT}};
    must(sy_schema_new(&b->arena, SY_STR("item"), (1U << SY_SYSTEM_COUNT) - 1, columns, 3,
                       &b->schema, &err),
         &err);
    must(sim_simulation_new(sy_alloc_std(), &(sim_options){.seed = 1, .dialect = &sy_dialect_sound},
                            &b->simulation, &err),
         &err);
    sy_server_table server_table = {.schema = b->schema, .soft_delete = true};
    must(sim_simulation_add_server(b->simulation,
                                   &(sim_server_options){.store = store,
                                                         .tables = &server_table,
                                                         .table_count = 1,
                                                         .workers = 1024,
                                                         .page_size = 1000},
                                   &err),
         &err);
    fill_server(b, count);
    sim_world *world = sim_simulation_world(b->simulation);
    sy_client_table client_table = {.schema = b->schema};
    for (uint32_t i = 0; i < count; i++) {
        char name[16];
        snprintf(name, sizeof name, "c%u", i);
        sim_device *made;
        sim_device_config config = {
            .name = name,
            .store = store,
            .tables = &client_table,
            .table_count = 1,
            .weather.net = {.latency_min_ns = 10 * SY_MS, .latency_spread_ns = 5 * SY_MS}};
        must(sim_simulation_add_device(b->simulation, &config, &made, &err), &err);
        devices[i] = (device){.owner = b, .host = sim_device_host(made), .number = i};
        devices[i].row = sy_row_new(&b->arena, b->schema);
        while (sim_world_step(world, world->now)) { /* it starts */
        }
    }
    b->wanted = count;
    pull(&devices[0]);
    step_until_done(b);
}

static void close_bench(bench *b)
{
    sim_simulation_free(b->simulation);
    sy_arena_deinit(&b->arena);
}

/* CPU seconds for `rounds` rounds, once warmed up. */
static double measure(uint32_t count, sim_store_kind store, uint64_t rounds)
{
    bench b;
    device *devices = calloc(count, sizeof *devices);
    open_bench(&b, devices, count, store);
    b.started = b.done = 0;
    b.wanted = rounds;
    double start = bench_cpu_seconds();
    for (uint32_t i = 0; i < count && i < rounds; i++) {
        write_row(&devices[i]);
    }
    step_until_done(&b);
    (void)sim_trace_digest(sim_simulation_world(b.simulation)->trace);
    double seconds = bench_cpu_seconds() - start;
    close_bench(&b);
    free(devices);
    return seconds;
}

/* CPU seconds of a plain program: bare, or through the trace and choice that scenarios use. */
static double plain(uint32_t count, sim_store_kind store, uint64_t rounds, bool traced)
{
    double seconds = 0;
    round_trace trace;
    if (traced) {
        round_trace_init(&trace, count);
    }
    if (store == SIM_STORE_MEMORY) {
        (void)plain_round_run(count, ROW_COUNT, rounds, traced ? &trace : NULL, &seconds);
    } else {
        (void)plain_sqlite_round_run(count, ROW_COUNT, rounds, traced ? &trace : NULL, &seconds);
    }
    if (traced) {
        (void)sim_trace_digest(trace.world.trace);
        round_trace_deinit(&trace);
    }
    return seconds;
}

static void compare(const char *store_name, sim_store_kind store, uint32_t count, uint64_t rounds)
{
    double ours[REPETITION_COUNT];
    double traced[REPETITION_COUNT];
    double bare[REPETITION_COUNT];
    for (int i = 0; i < REPETITION_COUNT; i++) {
        bare[i] = plain(count, store, rounds, false);
        traced[i] = plain(count, store, rounds, true);
        ours[i] = measure(count, store, rounds);
    }
    double mine = bench_median(ours, REPETITION_COUNT) / (double)rounds;
    double same = bench_median(traced, REPETITION_COUNT) / (double)rounds;
    double none = bench_median(bare, REPETITION_COUNT) / (double)rounds;
    printf("%-7s %6u clients  %8.0f rounds/s (%6.2f us)   plain, same choice and trace %6.2f us, "
           "ratio %.2f   plain, bare %6.2f us, ratio %.2f\n",
           store_name, count, 1 / mine, mine * 1e6, same * 1e6, same / mine, none * 1e6,
           none / mine);
    fflush(stdout);
}

static void idle_bytes(const char *store_name, sim_store_kind store)
{
    const uint32_t small = 500; /* from about 300 on the kept part of the trace is full */
    const uint32_t large = 1500;
    size_t used[2];
    for (int i = 0; i < 2; i++) {
        uint32_t count = i == 0 ? small : large;
        device *devices = calloc(count, sizeof *devices);
        size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
        bench b;
        open_bench(&b, devices, count, store);
        used[i] = mallinfo2().uordblks + mallinfo2().hblkhd - before;
        close_bench(&b);
        free(devices);
    }
    printf(
        "%-7s an idle client with %d rows costs %zu bytes (its %d rows on the server included)\n",
        store_name, ROW_COUNT, (used[1] - used[0]) / (large - small), ROW_COUNT);
}

int main(int argc, char **argv)
{
    uint64_t rounds = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
    sy_err err;
    must(sim_vfs_install(&err), &err);
    if (argc > 3) {
        bool sqlite = strcmp(argv[2], "sqlite") == 0;
        compare(argv[2], sqlite ? SIM_STORE_SQLITE : SIM_STORE_MEMORY,
                (uint32_t)strtoul(argv[3], NULL, 10), rounds);
        return 0;
    }
    compare("memory", SIM_STORE_MEMORY, 1, rounds);
    compare("memory", SIM_STORE_MEMORY, 100, rounds);
    compare("memory", SIM_STORE_MEMORY, 1000, rounds);
    compare("sqlite", SIM_STORE_SQLITE, 1, rounds / 5);
    compare("sqlite", SIM_STORE_SQLITE, 100, rounds / 5);
    idle_bytes("memory", SIM_STORE_MEMORY);
    idle_bytes("sqlite", SIM_STORE_SQLITE);
    return 0;
}
