/* How long settle may take, and what it is that did not come to rest.
 *
 * Convergence is owed within a bound that follows from the network once it is healed: what was on
 * its way has come or timed out, and then all rounds of at most so many requests:
 *
 *   each pending operation, three times (a conflict, a retry), and a page for each row that the
 *   server may have, for each query, all devices one after the other
 *
 * each of which takes the way there and back, the server's time, and a second for stores. A
 * scenario's own handler may take its time; with one only the last limit counts.
 *
 * A row is committed at most a few times once devices have heard of each other. Commits from round
 * QUIET_ROUND on are therefore counted: a row that is committed again and again goes to and fro
 * between those who do it. */
#include "core/port/events.h"
#include "sim/run/simulation_internal.h"

#include <string.h>

#define TRIES          3
#define STORES_NS      SY_SECOND
#define SETTLE_NS_MAX  (7 * SY_DAY)
#define QUIET_ROUND    4u
#define UNREST_COMMITS 4u

/* -- the bound -- */

static sy_time saturated(sy_time a, sy_time times)
{
    return times > 0 && a > SETTLE_NS_MAX / times ? SETTLE_NS_MAX : a * times;
}

static int64_t pending_of(sim_device *device)
{
    sy_client *client = sim_client_host_client(device->host);
    sy_operation operation;
    uint32_t count = 0;
    while (client != NULL && sy_client_operation(client, count, &operation)) {
        count++;
    }
    return count;
}

static sy_time round_of(sim_device *device)
{
    const sim_simulation *simulation = device->simulation;
    const int64_t rows = (int64_t)sim_trace_count_of(simulation->world.trace, &sy_event_commit) + 2;
    const int64_t queries = sim_client_host_note_pulled(device->host);
    const sy_time request = 2 * device->link.healed_latency_ns +
                            sim_server_host_service_ns(simulation->server) + STORES_NS;
    return saturated(request, TRIES * pending_of(device) + queries * rows + 1);
}

static sy_time least(sy_time a, sy_time b)
{
    return a < b ? a : b;
}

sy_time sim_settle_bound(sim_simulation *simulation)
{
    sy_time on_its_way = 0;
    sy_time round = 0;
    for (size_t i = 0; i < simulation->device_count; i++) {
        sim_device *device = simulation->devices[i];
        const sy_time away =
            sim_link_longest_way(&device->link) + sim_client_host_timeout_ns(device->host);
        on_its_way = away > on_its_way ? away : on_its_way;
        round = least(round + round_of(device), SETTLE_NS_MAX);
        if (device->has_handler) {
            return SETTLE_NS_MAX;
        }
    }
    return least(least(on_its_way, SETTLE_NS_MAX) + saturated(round, SIM_SETTLE_ROUND_COUNT_MAX),
                 SETTLE_NS_MAX);
}

/* -- who does not rest -- */

static void read_commit(void *self, const sim_event *event)
{
    sim_simulation *simulation = self;
    sim_unrest *unrest = &simulation->settle.unrest;
    const sy_str table = sy_value_str(&event->fields[0]);
    const sy_str id = sy_value_str(&event->fields[1]);
    const uint32_t by = (uint32_t)event->fields[10].as.integer;
    if (!simulation->settle.active || simulation->settle.round < QUIET_ROUND) {
        return;
    }
    sim_unrest_row *row = sim_unrest_find(unrest, table, id);
    if (row == NULL && unrest->count < SIM_UNREST_COUNT_MAX) {
        row = &unrest->rows[unrest->count++];
        *row = (sim_unrest_row){.table = sy_arena_copy(&simulation->world.arena, table),
                                .id = sy_arena_copy(&simulation->world.arena, id),
                                .by = {by, by}};
    }
    if (row != NULL) {
        row->commits++;
        row->by[1] = by != row->by[0] ? by : row->by[1];
    }
}

sim_unrest_row *sim_unrest_find(sim_unrest *unrest, sy_str table, sy_str id)
{
    for (uint32_t i = 0; i < unrest->count; i++) {
        if (sy_str_equal(unrest->rows[i].id, id) && sy_str_equal(unrest->rows[i].table, table)) {
            return &unrest->rows[i];
        }
    }
    return NULL;
}

sy_rc sim_settle_watch(sim_simulation *simulation)
{
    static const sy_event_kind *const kinds[] = {&sy_event_commit};
    sy_rc rc = SY_OK;
    if (!simulation->settle_watched) {
        rc = sim_trace_read(simulation->world.trace, read_commit, simulation, kinds, 1);
        simulation->settle_watched = rc == SY_OK;
    }
    return rc;
}

/* -- in words -- */

static const char *name_of(const sim_simulation *simulation, uint32_t host)
{
    return sim_trace_host(simulation->world.trace, host);
}

/* NULL: it did not go to and fro. */
static const char *ping_pong(sim_simulation *simulation, sim_unrest_row *row)
{
    if (row == NULL || row->commits < UNREST_COMMITS) {
        return NULL;
    }
    row->told = true;
    const char *text =
        row->by[0] == row->by[1]
            ? sy_arena_printf(&simulation->world.arena, "ping-pong of %s with the server",
                              name_of(simulation, row->by[0]))
                  .data
            : sy_arena_printf(&simulation->world.arena, "ping-pong between %s and %s",
                              name_of(simulation, row->by[0]), name_of(simulation, row->by[1]))
                  .data;
    return text != NULL ? text : "ping-pong";
}

const char *sim_settle_diagnose(sim_device *device, sy_str table, sy_str id, bool is_pending)
{
    sim_simulation *simulation = device->simulation;
    sim_settle *settle = &simulation->settle;
    const char *to_and_fro = ping_pong(simulation, sim_unrest_find(&settle->unrest, table, id));
    if (to_and_fro != NULL) {
        return to_and_fro;
    }
    if (device->settle_busy) {
        return "slow";
    }
    return is_pending ? "stuck queue" : "permanent divergence";
}

static void tell(sim_simulation *simulation, uint32_t host, sy_str table, sy_str id,
                 const char *reason, const char *diagnosis)
{
    sim_trace_event(&simulation->world, host, &sim_event_divergence,
                    sy_cstr(name_of(simulation, host)), sy_text(table), sy_text(id),
                    sy_row_value(NULL), sy_row_value(NULL), sy_cstr(reason), sy_cstr(diagnosis));
}

/* What no difference of rows shows. */
void sim_settle_tell_unrest(sim_simulation *simulation)
{
    sim_unrest *unrest = &simulation->settle.unrest;
    bool told = false;
    for (uint32_t i = 0; i < unrest->count; i++) {
        sim_unrest_row *row = &unrest->rows[i];
        told = told || row->told;
        const char *diagnosis = row->told ? NULL : ping_pong(simulation, row);
        if (diagnosis != NULL) {
            tell(simulation, row->by[1], row->table, row->id, "it is committed again and again",
                 diagnosis);
            told = true;
        }
    }
    for (size_t i = 0; i < simulation->device_count && !told; i++) {
        const sim_device *device = simulation->devices[i];
        if (device->settle_busy) {
            tell(simulation, sim_client_host_index(device->host), SY_STR(""), SY_STR(""),
                 "its pushes and pulls take longer than the network needs", "slow");
        }
    }
}
