#include "sim/theory/rig.h"

#include "core/base/check.h"
#include "core/base/hash.h"
#include "core/port/events.h"

#include <stdio.h>
#include <string.h>

#define DEVICE_COUNT_MAX 200u
#define ROW_COUNT_MAX    4096u

typedef struct rig_device {
    sim_rig *owner;
    sim_device *device;
    sim_client_host *host;
    sy_time applied_at;
    char name[16];
} rig_device;

struct sim_rig {
    sim_rig_options options;
    sim_simulation *simulation;
    sim_world *world;
    sim_server_host *server;
    sim_stream stream;
    sy_arena arena;   /* of the rig's life */
    sy_arena scratch; /* of one call */
    const sy_schema *schema;
    rig_device devices[DEVICE_COUNT_MAX];
    uint64_t counts[SIM_RIG_COUNT_COUNT];
    uint64_t different[ROW_COUNT_MAX / 64];
    sy_server_transaction *open; /* between begin and end */
    sy_request *late;
    sy_rc rc;
    sy_err err;
};

static const sim_label law_label = {.name = "law", .choice_class = SIM_WORKLOAD};

bool sim_rig_failed(const sim_rig *rig)
{
    return rig->rc != SY_OK;
}

/* `rc` with what stands in rig->err; keeps the first. */
static bool check(sim_rig *rig, sy_rc rc)
{
    if (rig->rc == SY_OK) {
        rig->rc = rc;
    }
    return rig->rc == SY_OK;
}

void sim_rig_fail(sim_rig *rig, const char *why)
{
    if (rig->rc == SY_OK) {
        rig->rc = SY_FAIL(&rig->err, SY_STATE, "%s", why);
    }
}

/* -- what is counted -- */

static uint32_t row_number(sy_str id)
{
    uint32_t number = 0;
    for (size_t i = 0; i < id.size; i++) {
        number = number * 10 + (uint32_t)(id.data[i] - '0');
    }
    return number;
}

static void read_apply(sim_rig *rig, const sim_event *event)
{
    rig->counts[SIM_RIG_APPLIED]++;
    const uint32_t row = row_number(sy_value_str(&event->fields[1]));
    SY_ASSERT(row < ROW_COUNT_MAX);
    rig->different[row / 64] |= UINT64_C(1) << (row % 64);
    for (uint32_t i = 0; i < rig->options.devices; i++) {
        if (sim_client_host_index(rig->devices[i].host) == event->host) {
            rig->devices[i].applied_at = event->time;
        }
    }
}

static void read_event(void *self, const sim_event *event)
{
    sim_rig *rig = self;
    if (event->kind == &sy_event_apply) {
        read_apply(rig, event);
    } else if (event->kind == &sy_event_conflict) {
        rig->counts[SIM_RIG_CONFLICTS]++;
    } else if (event->kind == &sy_event_send) {
        rig->counts[SIM_RIG_SENT]++;
    } else {
        rig->counts[SIM_RIG_EXECUTIONS]++;
    }
}

uint64_t sim_rig_take(sim_rig *rig, sim_rig_count what)
{
    const uint64_t count = rig->counts[what];
    rig->counts[what] = 0;
    return count;
}

uint32_t sim_rig_take_different(sim_rig *rig)
{
    uint32_t count = 0;
    for (size_t i = 0; i < ROW_COUNT_MAX / 64; i++) {
        for (uint64_t left = rig->different[i]; left != 0; left &= left - 1) {
            count++;
        }
        rig->different[i] = 0;
    }
    return count;
}

sy_time sim_rig_applied_at(const sim_rig *rig, uint32_t device)
{
    return rig->devices[device].applied_at;
}

/* -- opening -- */

static sy_rc make_schema(sim_rig *rig)
{
    const sy_column columns[] = {{SY_STR("author"), SY_TYPE_INT}, {SY_STR("edit"), SY_TYPE_INT}};
    const sy_dialect *dialect = rig->options.dialect;
    const uint32_t system =
        dialect == &sy_dialect_sound ? (1u << SY_SYSTEM_COUNT) - 1 : SY_SYSTEM_CLASSIC;
    return sy_schema_new(&rig->arena, SY_STR("row"), system, columns, 2, &rig->schema, &rig->err);
}

static sy_rc add_server(sim_rig *rig)
{
    const sy_server_table table = {.schema = rig->schema, .soft_delete = true};
    sim_server_options options = rig->options.at_server;
    options.dialect = rig->options.server;
    options.tables = &table;
    options.table_count = 1;
    sy_rc rc = sim_simulation_add_server(rig->simulation, &options, &rig->err);
    rig->server = sim_simulation_server(rig->simulation);
    return rc;
}

static sy_rc add_device(sim_rig *rig, uint32_t number)
{
    rig_device *made = &rig->devices[number];
    made->owner = rig;
    (void)snprintf(made->name, sizeof made->name, "device%u", number);
    const sy_client_table table = {.schema = rig->schema, .policy = rig->options.policy};
    sim_device_config config = {.name = made->name, .tables = &table, .table_count = 1};
    if (rig->options.configure != NULL) {
        rig->options.configure(rig->options.self, number, &config);
    }
    sy_rc rc = sim_simulation_add_device(rig->simulation, &config, &made->device, &rig->err);
    if (rc == SY_OK) {
        made->host = sim_device_host(made->device);
    }
    return rc;
}

static sy_rc open_simulation(sim_rig *rig)
{
    const sim_options options = {.seed = rig->options.seed, .dialect = rig->options.dialect};
    static const sy_event_kind *const kinds[] = {&sy_event_apply, &sy_event_conflict,
                                                 &sy_event_send, &sy_event_request};
    sy_rc rc = sim_simulation_new(sy_alloc_std(), &options, &rig->simulation, &rig->err);
    if (rc == SY_OK) {
        rc = make_schema(rig);
    }
    if (rc != SY_OK) {
        return rc;
    }
    rig->world = sim_simulation_world(rig->simulation);
    rig->stream = sim_stream_of(rig->world->choice, "world", "law");
    rc = add_server(rig);
    for (uint32_t i = 0; i < rig->options.devices && rc == SY_OK; i++) {
        rc = add_device(rig, i);
    }
    if (rc == SY_OK) {
        rc = sim_trace_read(rig->world->trace, read_event, rig, kinds,
                            sizeof kinds / sizeof kinds[0]);
    }
    return rc;
}

sim_rig *sim_rig_open(const sim_rig_options *options, sy_err *err)
{
    sim_rig *rig = sy_alloc_zeroed(sy_alloc_std(), sizeof *rig);
    if (rig == NULL) {
        (void)sy_fail_nomem(err);
        return NULL;
    }
    rig->options = *options;
    rig->options.devices = options->devices == 0 ? 1 : options->devices;
    rig->options.dialect = options->dialect == NULL ? &sy_dialect_sound : options->dialect;
    if (rig->options.devices > DEVICE_COUNT_MAX || options->rows > ROW_COUNT_MAX) {
        sim_rig_fail(rig, "a law takes 200 devices and 4096 rows at most");
    }
    sy_arena_init(&rig->arena, sy_alloc_std());
    sy_arena_init(&rig->scratch, sy_alloc_std());
    if (rig->rc == SY_OK) {
        (void)check(rig, open_simulation(rig));
    }
    if (rig->rc == SY_OK) {
        sim_rig_wait(rig, 0); /* devices start */
        for (uint32_t i = 0; i < options->rows; i++) {
            sim_rig_serve(rig, i);
        }
    }
    if (rig->rc != SY_OK) {
        (void)sim_rig_close(rig, err);
        return NULL;
    }
    return rig;
}

sy_rc sim_rig_close(sim_rig *rig, sy_err *err)
{
    const sy_rc rc = rig->rc;
    if (rc != SY_OK) {
        *err = rig->err;
    }
    if (rig->open != NULL) {
        sim_rig_serve_end(rig);
    }
    sim_simulation_free(rig->simulation);
    sy_arena_deinit(&rig->scratch);
    sy_arena_deinit(&rig->arena);
    sy_alloc_free(sy_alloc_std(), rig, sizeof *rig);
    return rc;
}

sim_simulation *sim_rig_simulation(sim_rig *rig)
{
    return rig->simulation;
}

/* -- time and chance -- */

sy_time sim_rig_now(const sim_rig *rig)
{
    return rig->world->now;
}

static void nothing(void *self)
{
    (void)self;
}

void sim_rig_wait(sim_rig *rig, sy_time until)
{
    if (sim_rig_failed(rig) || until < rig->world->now) {
        return;
    }
    sim_world_at(rig->world, until, nothing, NULL); /* brings the clock there */
    while (sim_world_step(rig->world, until)) {
    }
    (void)check(rig, rig->world->broken);
}

uint64_t sim_rig_choose(sim_rig *rig, uint64_t n, sim_key key)
{
    return sim_choose(&rig->stream, &law_label, key, n);
}

int64_t sim_rig_draw(sim_rig *rig, const sim_distribution *distribution, sim_key key)
{
    return sim_distribution_draw(distribution, &rig->stream, &law_label, key);
}

/* -- calls of an app -- */

typedef struct ending { /* of a call that the rig waits for */
    sim_rig *owner;
    bool ended, completed;
} ending;

static void on_ended(void *self, sy_rc rc, const sy_outcome *outcome)
{
    ending *end = self;
    end->ended = true;
    end->completed =
        rc == SY_OK && (outcome->push == NULL || outcome->push->status == SY_PUSH_COMPLETE);
}

/* Until it has ended. Whether it completed. */
static bool call(sim_rig *rig, uint32_t device, const sy_call *what)
{
    if (sim_rig_failed(rig)) {
        return false;
    }
    ending end = {.owner = rig};
    sy_ticket ticket;
    if (!check(rig, sim_client_host_call(rig->devices[device].host, what, on_ended, &end, &ticket,
                                         &rig->err))) {
        return false;
    }
    while (!end.ended && sim_world_step(rig->world, SY_TIME_MAX)) {
    }
    if (!end.ended) {
        sim_rig_fail(rig, "a call did not end");
    }
    sy_arena_reset(&rig->scratch);
    return end.completed;
}

static sy_str row_id(sim_rig *rig, uint32_t row)
{
    char text[16];
    const int size = snprintf(text, sizeof text, "%u", row);
    return sy_arena_copy(&rig->scratch, (sy_str){text, (size_t)size});
}

/* A row with its author, -1 for the back office; NULL: failed. */
static sy_row *make_row(sim_rig *rig, const sy_schema *schema, uint32_t row, int64_t author)
{
    sy_row *made = sy_row_new(&rig->scratch, schema);
    const sy_str id = row_id(rig, row);
    if (made == NULL || id.data == NULL) {
        (void)check(rig, sy_fail_nomem(&rig->err));
        return NULL;
    }
    made->cells[SY_COLUMN_ID] = sy_text(id);
    made->cells[SY_SYSTEM_COUNT] = sy_int(author);
    made->cells[SY_SYSTEM_COUNT + 1] = sy_int(rig->world->now);
    return made;
}

static void write_row(sim_rig *rig, uint32_t device, uint32_t row, sy_verb verb)
{
    sy_row *made = make_row(rig, rig->schema, row, device);
    if (made != NULL &&
        !call(rig, device, &(sy_call){.verb = verb, .table = rig->schema->name, .row = made})) {
        sim_rig_fail(rig, "a local write failed");
    }
}

void sim_rig_edit(sim_rig *rig, uint32_t device, uint32_t row)
{
    write_row(rig, device, row, SY_VERB_UPDATE);
}

void sim_rig_insert(sim_rig *rig, uint32_t device, uint32_t row)
{
    write_row(rig, device, row, SY_VERB_INSERT);
}

bool sim_rig_push(sim_rig *rig, uint32_t device)
{
    return call(rig, device, &(sy_call){.verb = SY_VERB_PUSH});
}

static void pull(sim_rig *rig, uint32_t device, sy_str query_id)
{
    const sy_query query = sy_query_all(rig->schema);
    if (!call(rig, device,
              &(sy_call){.verb = SY_VERB_PULL,
                         .table = rig->schema->name,
                         .query = &query,
                         .query_id = query_id})) {
        sim_rig_fail(rig, "a pull failed");
    }
}

void sim_rig_pull(sim_rig *rig, uint32_t device)
{
    pull(rig, device, SY_STR("all"));
}

void sim_rig_pull_anew(sim_rig *rig, uint32_t device, uint32_t query)
{
    char text[16];
    const int size = snprintf(text, sizeof text, "q%u", query);
    pull(rig, device, (sy_str){text, (size_t)size});
}

void sim_rig_ask(sim_rig *rig, uint32_t device, uint32_t row, sim_done ended, void *self)
{
    sy_ticket ticket;
    const sy_call what = {.verb = SY_VERB_REMOTE,
                          .table = rig->schema->name,
                          .id = row_id(rig, row),
                          .remote_method = SY_METHOD_READ};
    if (!sim_rig_failed(rig)) {
        (void)check(rig, sim_client_host_call(rig->devices[device].host, &what, ended, self,
                                              &ticket, &rig->err));
    }
    sy_arena_reset(&rig->scratch);
}

uint32_t sim_rig_pending(const sim_rig *rig, uint32_t device)
{
    return sy_client_pending(sim_client_host_client(rig->devices[device].host), (sy_str){0});
}

void sim_rig_set_online(sim_rig *rig, uint32_t device, bool online)
{
    sim_link *link = sim_device_link(rig->devices[device].device);
    sim_link_set(link, online, link->metered);
}

sim_clock *sim_rig_clock(sim_rig *rig, uint32_t device)
{
    return sim_client_host_clock(rig->devices[device].host);
}

/* -- the back office -- */

/* Replaces the row, whatever its version; an insert where there is none. */
static bool make_request(sim_rig *rig, uint32_t row, sy_request *out)
{
    const sy_schema *schema = sim_server_host_schema(rig->server, rig->schema->name);
    sy_row *made = make_row(rig, schema, row, -1);
    if (made == NULL) {
        return false;
    }
    *out = (sy_request){.method = sim_rig_server_version(rig, row) == 0 ? SY_METHOD_INSERT
                                                                        : SY_METHOD_UPDATE,
                        .table = schema->name,
                        .row = made,
                        .since_sequence = -1};
    out->id = sy_row_id(made);
    return true;
}

static void check_status(sim_rig *rig, const sy_response *response)
{
    if (response->status != 200 && response->status != 201) {
        sim_rig_fail(rig, "the server refused a write of the back office");
    }
}

void sim_rig_serve(sim_rig *rig, uint32_t row)
{
    sy_request request;
    sy_response response;
    if (!sim_rig_failed(rig) && make_request(rig, row, &request) &&
        check(rig,
              sim_server_host_serve(rig->server, &request, &rig->scratch, &response, &rig->err))) {
        check_status(rig, &response);
    }
    sy_arena_reset(&rig->scratch);
}

typedef struct due { /* a write of the back office that waits for its moment */
    sim_rig *owner;
    uint32_t row;
} due;

static void serve_due(void *self)
{
    const due *late = self;
    sim_rig_serve(late->owner, late->row);
}

void sim_rig_serve_at(sim_rig *rig, sy_time at, uint32_t row)
{
    due *late = sy_arena_push(&rig->arena, sizeof *late);
    if (late == NULL) {
        (void)check(rig, sy_fail_nomem(&rig->err));
        return;
    }
    late->owner = rig;
    late->row = row;
    sim_world_at(rig->world, at, serve_due, late);
}

void sim_rig_serve_begin(sim_rig *rig, uint32_t row)
{
    SY_ASSERT(rig->open == NULL);
    sy_request request;
    if (sim_rig_failed(rig) || !make_request(rig, row, &request)) {
        return;
    }
    rig->late = sy_arena_push(&rig->arena, sizeof *rig->late);
    if (rig->late == NULL || sy_request_copy(&request, &rig->arena, rig->late) != SY_OK) {
        (void)check(rig, sy_fail_nomem(&rig->err));
        return;
    }
    (void)check(rig, sy_server_begin(sim_server_host_server(rig->server), rig->late, &rig->open,
                                     &rig->err));
    sy_arena_reset(&rig->scratch);
}

void sim_rig_serve_end(sim_rig *rig)
{
    sy_response response;
    sy_err err;
    if (rig->open == NULL) {
        return;
    }
    const sy_rc rc = sy_server_end(sim_server_host_server(rig->server), rig->open, &rig->scratch,
                                   &response, &err);
    rig->open = NULL;
    if (rig->rc == SY_OK && rc != SY_OK) {
        rig->rc = rc;
        rig->err = err;
    } else if (rc == SY_OK) {
        check_status(rig, &response);
    }
    sy_arena_reset(&rig->scratch);
}

/* -- what is where -- */

static const sy_row *read_row(sim_rig *rig, sy_store store, const sy_schema *schema, uint32_t row)
{
    const sy_row *found = NULL;
    sy_err err;
    const sy_rc rc = sy_store_read(store, schema, row_id(rig, row), &rig->scratch, &found, &err);
    if (rc != SY_OK && rig->rc == SY_OK) {
        rig->rc = rc;
        rig->err = err;
    }
    return rc == SY_OK ? found : NULL;
}

static uint64_t version_of(const sy_row *row)
{
    if (row == NULL) {
        return 0;
    }
    const sy_str version = sy_row_version(row);
    return sy_hash(version.data, version.size, 1) | 1;
}

uint64_t sim_rig_version(sim_rig *rig, uint32_t device, uint32_t row)
{
    const sy_store store = sim_client_host_store(rig->devices[device].host);
    const uint64_t version = version_of(read_row(rig, store, rig->schema, row));
    sy_arena_reset(&rig->scratch);
    return version;
}

static const sy_row *read_server(sim_rig *rig, uint32_t row)
{
    const sy_server *server = sim_server_host_server(rig->server);
    return read_row(rig, sy_server_store(server), sy_server_schema(server, rig->schema->name), row);
}

uint64_t sim_rig_server_version(sim_rig *rig, uint32_t row)
{
    return version_of(read_server(rig, row));
}

int64_t sim_rig_server_author(sim_rig *rig, uint32_t row)
{
    const sy_row *found = read_server(rig, row);
    return found == NULL ? -1 : found->cells[SY_SYSTEM_COUNT].as.integer;
}
