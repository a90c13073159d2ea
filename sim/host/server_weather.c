/* Drawn faults of the server. Each calls what a scenario calls for the same thing. Those that are
 * drawn by time are in `faults`; those of a request are drawn at the gate (server_gate.c), late
 * commits by a worker (server_job.c). To add one: a dial, a knob, a label, a line in `faults`.
 *
 * What it is restored to, or fails over to, is what it held at the begin of some minute before:
 * an image is made each minute in which none of these happens, as long as they may. */
#include "sim/host/server_weather.h"

#include "sim/host/host_clock.h"
#include "sim/host/server_internal.h"

#include <stddef.h>
#include <string.h>

#define DIAL(member) offsetof(sim_server_weather, member)
#define MINUTES(name, what, member, most, breaks)                                                  \
    {                                                                                              \
        (name), (what), DIAL(member), SIM_UNIT_PER_MILLE, 2, (most), (breaks)                      \
    }

const sim_knob sim_server_knobs[] = {
    MINUTES("server.crash", "minutes in which the server's process dies", crash, 100, false),
    {"server.down", "the longest time until it is started again", DIAL(down_ns), SIM_UNIT_NS,
     SY_SECOND, 5 * SY_MINUTE, false},
    MINUTES("server.maintenance", "minutes in which a maintenance window begins: 503", maintenance,
            50, false),
    {"server.maintenance-length", "the longest window", DIAL(maintenance_ns), SIM_UNIT_NS,
     SY_SECOND, 10 * SY_MINUTE, false},
    {"server.throttled", "requests that are answered with 429", DIAL(throttled), SIM_UNIT_PER_MILLE,
     5, 200, false},
    {"server.unavailable", "requests that are answered with 503", DIAL(unavailable),
     SIM_UNIT_PER_MILLE, 5, 200, false},
    {"server.late-commit", "the most that a commit comes after its stamp", DIAL(late_commit_ns),
     SIM_UNIT_NS, SY_MS, 5 * SY_SECOND, false},
    {"server.instances", "machines over the same data, each with a clock of its own",
     DIAL(instances), SIM_UNIT_TIMES, 2, 4, false},
    {"server.instance-skew", "the most by which the clock of each is wrong, either way",
     DIAL(instance_skew_ns), SIM_UNIT_NS, SY_MS, 10 * SY_SECOND, false},
    MINUTES("server.clock-step", "minutes in which its clock jumps", clock_step, 50, false),
    {"server.clock-step-size", "the most by which it jumps, either way", DIAL(clock_step_ns),
     SIM_UNIT_NS, SY_MS, SY_MINUTE, false},
    {"server.clock-drift", "the most that its clock drifts, either way", DIAL(clock_drift_ppm),
     SIM_UNIT_PPM, 1, 200, false},
    {"server.clock-resolution", "updatedAt is a multiple of it", DIAL(clock_resolution_ns),
     SIM_UNIT_NS, SY_MS, 2 * SY_SECOND, false},
    MINUTES("server.notices-coalesced",
            "minutes from which on notices are gathered, and the last of each table leaves",
            coalesced, 200, false),
    MINUTES("server.notices-burst",
            "minutes from which on notices are gathered, and leave all together", burst, 200,
            false),
    {"server.notice-window", "for how long they are gathered", DIAL(notice_window_ns), SIM_UNIT_NS,
     SY_SECOND, 2 * SY_MINUTE, false},
    MINUTES("server.migrated", "minutes in which its tables get a column more, and it starts anew",
            migrated, 30, false),
    MINUTES("server.cleaned", "minutes in which old tombstones are removed for good", cleaned, 50,
            false),
    {"server.tombstone-age", "how old they are then at least", DIAL(tombstone_age_ns), SIM_UNIT_NS,
     10 * SY_MINUTE, SY_HOUR, false},
    MINUTES("server.restored", "minutes in which its data are restored from a backup", restored, 20,
            true),
    MINUTES("server.failed-over", "minutes in which a stale copy takes over without saying so",
            failed_over, 20, true),
    MINUTES("server.hard-delete", "minutes in which a row is removed behind its back", hard_delete,
            50, true),
    {0},
};

#define WEATHER(label_name)                                                                        \
    .name = (label_name), .choice_class = SIM_WEATHER, .key_parts = {"minute"}
#define FAULT(label_name) WEATHER(label_name), .bound = 2, .fault = "server." label_name

static const sim_label crash_label = {FAULT("crash")};
static const sim_label down_label = {WEATHER("down-length")};
static const sim_label maintenance_label = {FAULT("maintenance")};
static const sim_label maintenance_length_label = {WEATHER("maintenance-length")};
static const sim_label skew_label = {.name = "instance-skew",
                                     .fault = "server.instance-skew",
                                     .choice_class = SIM_WEATHER,
                                     .key_parts = {"instance"}};
static const sim_label drift_label = {.name = "clock-drift",
                                      .fault = "server.clock-drift",
                                      .choice_class = SIM_WEATHER,
                                      .key_parts = {"instance"}};
static const sim_label step_label = {FAULT("clock-step")};
static const sim_label step_size_label = {WEATHER("clock-step-size")};
static const sim_label coalesced_label = {FAULT("notices-coalesced")};
static const sim_label burst_label = {FAULT("notices-burst")};
static const sim_label migrated_label = {FAULT("migrated")};
static const sim_label cleaned_label = {FAULT("cleaned")};
static const sim_label restored_label = {FAULT("restored")};
static const sim_label failed_over_label = {FAULT("failed-over")};
static const sim_label hard_delete_label = {FAULT("hard-delete")};
static const sim_label row_label = {WEATHER("hard-delete-row")};

/* -- process and gate -- */

static void come_back(void *self)
{
    sim_server_host *host = self;
    if (!sim_server_host_up(host)) {
        (void)sim_server_host_start(host, NULL); /* else: nobody starts it before settle */
    }
}

static void crash(void *self, uint64_t slot)
{
    sim_server_host *host = self;
    if (sim_server_host_up(host)) {
        sim_server_host_crash(host);
        sim_world_after(
            host->world,
            sim_slots_draw(&host->slots, &down_label, slot, host->weather.down_ns, SY_MS),
            come_back, host);
    }
}

static void close_for_maintenance(void *self, uint64_t slot)
{
    sim_server_host *host = self;
    sim_server_host_close_for(host, sim_slots_draw(&host->slots, &maintenance_length_label, slot,
                                                   host->weather.maintenance_ns, SY_MS));
}

/* -- clocks and notices -- */

static void step_clock(void *self, uint64_t slot)
{
    sim_server_host *host = self;
    const sy_time step = sim_slots_draw_signed(&host->slots, &step_size_label, slot,
                                               host->weather.clock_step_ns, SY_MS);
    for (uint32_t i = 0; i < host->config.instances; i++) {
        sim_host_clock_change(host->world, host->index, &host->clocks[i], SIM_CLOCK_STEP, step);
    }
}

static void coalesce(void *self, uint64_t slot)
{
    sim_server_host *host = self;
    (void)slot;
    sim_server_host_gather_notices(host, host->weather.notice_window_ns, true);
}

static void burst(void *self, uint64_t slot)
{
    sim_server_host *host = self;
    (void)slot;
    sim_server_host_gather_notices(host, host->weather.notice_window_ns, false);
}

/* -- data -- */

static sy_rc widen(const sim_server_host *host, const sy_schema *schema, uint64_t slot,
                   const sy_schema **out)
{
    sy_arena *arena = &host->world->arena;
    const uint32_t count = schema->column_count - SY_SYSTEM_COUNT;
    sy_column *columns = sy_arena_push(arena, (count + 1) * sizeof *columns);
    const sy_str name = sy_arena_printf(arena, "added%llu", (unsigned long long)slot);
    if (columns == NULL || name.data == NULL) {
        return SY_NOMEM;
    }
    memcpy(columns, schema->columns + SY_SYSTEM_COUNT, count * sizeof *columns);
    columns[count] = (sy_column){name, SY_TYPE_TEXT};
    return sy_schema_new(arena, schema->name, schema->system, columns, count + 1, out, NULL);
}

static void migrate(void *self, uint64_t slot)
{
    sim_server_host *host = self;
    const uint32_t count = host->config.server.table_count;
    if (!sim_server_host_up(host)) {
        return;
    }
    sy_server_table *tables = sy_arena_push(&host->world->arena, (count + 1) * sizeof *tables);
    sy_rc rc = tables != NULL ? SY_OK : SY_NOMEM;
    for (uint32_t i = 0; i < count && rc == SY_OK; i++) {
        tables[i] = host->config.server.tables[i];
        rc = widen(host, tables[i].schema, slot, &tables[i].schema);
    }
    rc = rc == SY_OK ? sim_server_host_migrate(host, tables, count, NULL) : rc;
    if (rc == SY_NOMEM) { /* else: it is wide enough */
        host->world->broken = rc;
    }
}

static void clean(void *self, uint64_t slot)
{
    sim_server_host *host = self;
    int64_t count = 0;
    (void)slot;
    (void)sim_server_host_clean_tombstones(host, host->weather.tombstone_age_ns, &count, NULL);
}

static void go_back(sim_server_host *host, bool keeps_epoch)
{
    const char *epoch = NULL;
    if (host->image == NULL || !sim_server_host_up(host)) {
        return;
    }
    if (!keeps_epoch) {
        epoch = sy_arena_printf(&host->world->arena, "restored %llu",
                                (unsigned long long)host->history + 1)
                    .data;
        if (epoch == NULL) {
            host->world->broken = SY_NOMEM;
            return;
        }
    }
    sim_server_host_crash(host);
    if (sim_server_host_load(host, host->image, epoch, NULL) != SY_OK ||
        sim_server_host_start(host, NULL) != SY_OK) {
        host->world->broken = SY_NOMEM;
    }
}

static void restore(void *self, uint64_t slot)
{
    (void)slot;
    go_back(self, false);
}

static void fail_over(void *self, uint64_t slot)
{
    (void)slot;
    go_back(self, true);
}

static void remove_row(void *self, uint64_t slot)
{
    sim_server_host *host = self;
    sy_arena arena;
    sy_rows rows = {0};
    if (!sim_server_host_up(host) || host->config.server.table_count == 0) {
        return;
    }
    sy_arena_init(&arena, host->world->alloc);
    const sy_schema *schema = host->config.server.tables[0].schema;
    const sy_query all = sy_query_all(schema);
    if (sy_store_query(host->store, &all, &arena, &rows, NULL) == SY_OK && rows.count > 0) {
        const uint64_t chosen =
            sim_choose(&host->slots.stream, &row_label, SIM_KEY(slot), rows.count);
        (void)sim_server_host_hard_delete(host, schema->name, sy_row_id(rows.items[chosen]), NULL);
    }
    sy_arena_deinit(&arena);
}

static void drop_image(sim_server_host *host)
{
    if (host->image != NULL) {
        host->config.storage.ops->drop(host->image);
        host->image = NULL;
    }
}

static void keep_image(void *self)
{
    sim_server_host *host = self;
    if (host->world->calm) {
        return;
    }
    struct sim_image *image = NULL;
    if (sim_server_host_up(host) && sim_server_host_save(host, &image, NULL) == SY_OK) {
        drop_image(host);
        host->image = image;
    }
    sim_world_after(host->world, SIM_SLOT_NS, keep_image, host);
}

static const sim_slot_fault faults[] = {
    {&crash_label, DIAL(crash), crash},
    {&maintenance_label, DIAL(maintenance), close_for_maintenance},
    {&step_label, DIAL(clock_step), step_clock},
    {&coalesced_label, DIAL(coalesced), coalesce},
    {&burst_label, DIAL(burst), burst},
    {&migrated_label, DIAL(migrated), migrate},
    {&cleaned_label, DIAL(cleaned), clean},
    {&restored_label, DIAL(restored), restore},
    {&failed_over_label, DIAL(failed_over), fail_over},
    {&hard_delete_label, DIAL(hard_delete), remove_row},
    {0},
};

static void set_clocks(sim_server_host *host)
{
    const sim_server_weather *weather = &host->weather;
    for (uint32_t i = 0; i < host->config.instances; i++) {
        sim_clock *clock = &host->clocks[i];
        sim_clock_step(clock, sim_slots_draw_signed(&host->slots, &skew_label, i,
                                                    weather->instance_skew_ns, SY_MS));
        if (weather->clock_drift_ppm > 0) {
            sim_clock_set_drift(clock, sim_slots_draw_signed(&host->slots, &drift_label, i,
                                                             weather->clock_drift_ppm, 1));
        }
        if (weather->clock_resolution_ns > 0) {
            clock->resolution_ns = weather->clock_resolution_ns;
        }
    }
}

void sim_server_host_set_weather(sim_server_host *host, const sim_server_weather *weather)
{
    host->weather = *weather;
    if (weather->instances > host->config.instances) {
        host->config.instances = weather->instances < SIM_INSTANCE_COUNT_MAX
                                     ? (uint32_t)weather->instances
                                     : SIM_INSTANCE_COUNT_MAX;
    }
    if (weather->late_commit_ns > host->config.commit_spread_ns) {
        host->config.commit_spread_ns = weather->late_commit_ns;
    }
    sim_slots_begin(&host->slots, host->world, host->config.name, faults, &host->weather, host);
    set_clocks(host);
    if (weather->restored > 0 || weather->failed_over > 0) {
        sim_world_after(host->world, SIM_SLOT_NS, keep_image, host);
    }
}

void sim_server_weather_end(sim_server_host *host)
{
    drop_image(host);
}
