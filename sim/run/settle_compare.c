/* What everybody holds: as one number, to see whether a round changed anything; and each client
 * against the server, in the scopes that it pulled.
 *
 * A scope is the filter of a pulled query. In it, each row of the server that is not deleted must
 * be on the client, each row of the client must be on the server, and the columns that both sides
 * have must agree, the version among them when both know one. Nothing may be left in a queue. A
 * query with $top or $skip names no set of rows that could be compared. */
#include "core/base/hash.h"
#include "core/port/events.h"
#include "sim/run/simulation_internal.h"

#include <string.h>

/* -- one number -- */

static uint64_t hash_rows(sy_store store, const sy_schema *schema, sy_arena *arena, uint64_t hash,
                          sy_rc *rc)
{
    sy_query query = sy_query_all(schema);
    sy_rows rows = {0};
    *rc = sy_store_query(store, &query, arena, &rows, NULL);
    for (size_t i = 0; *rc == SY_OK && i < rows.count; i++) {
        for (uint32_t c = 0; c < schema->column_count; c++) {
            hash = sy_value_hash(&rows.items[i]->cells[c], hash);
        }
    }
    return sy_hash_mix(hash, rows.count);
}

static uint64_t hash_device(sim_device *device, sy_arena *arena, uint64_t hash)
{
    sy_client *client = sim_client_host_client(device->host);
    if (client == NULL) {
        return sy_hash_mix(hash, 1);
    }
    sy_operation operation;
    for (uint32_t i = 0; sy_client_operation(client, i, &operation); i++) {
        hash = sy_hash_mix(hash, (uint64_t)operation.sequence);
        hash = sy_hash_mix(hash, (uint64_t)operation.version);
        hash = sy_hash_mix(hash, (uint64_t)operation.state);
    }
    sy_rc rc = SY_OK;
    for (uint32_t i = 0; i < device->table_count && rc == SY_OK; i++) {
        sy_arena_reset(arena);
        hash = hash_rows(sim_client_host_store(device->host), device->tables[i].schema, arena, hash,
                         &rc);
    }
    if (rc == SY_NOMEM) {
        device->simulation->world.broken = SY_NOMEM;
    }
    return hash;
}

uint64_t sim_settle_state(sim_simulation *simulation)
{
    sy_arena arena;
    sy_arena_init(&arena, simulation->alloc);
    uint64_t hash = sim_trace_count_of(simulation->world.trace, &sy_event_commit);
    for (size_t i = 0; i < simulation->device_count; i++) {
        hash = hash_device(simulation->devices[i], &arena, hash);
    }
    sy_arena_deinit(&arena);
    return hash;
}

/* -- client against server -- */

typedef struct scope { /* one table of one device, seen from both sides */
    sim_device *device;
    const sy_schema *client, *server;
    sy_store client_store, server_store;
    sy_arena *arena;
} scope;

static const char pending[] = "pending operation";

/* A policy holds the row for a person: it is as it should be, on both sides. */
static bool is_held(const scope *in, sy_str id)
{
    const sy_client *client = sim_client_host_client(in->device->host);
    sy_operation operation;
    for (uint32_t i = 0; client != NULL && sy_client_operation(client, i, &operation); i++) {
        if (operation.state == SY_STATE_FAILED && operation.status == SY_STATUS_HELD &&
            operation.schema == in->client && sy_str_equal(operation.id, id)) {
            return true;
        }
    }
    return false;
}

static void emit(const scope *in, sy_str id, const sy_row *client, const sy_row *server,
                 const char *reason)
{
    const bool is_pending = strcmp(reason, pending) == 0;
    if (is_held(in, id)) {
        return;
    }
    sim_trace_event(&in->device->simulation->world, sim_client_host_index(in->device->host),
                    &sim_event_divergence, sy_cstr(in->device->name), sy_text(in->client->name),
                    sy_text(id), sy_row_value(client), sy_row_value(server), sy_cstr(reason),
                    sy_cstr(sim_settle_diagnose(in->device, in->client->name, id, is_pending)));
}

static bool same_cell(const sy_value *a, const sy_value *b)
{
    if (sy_value_missing(a) || sy_value_missing(b)) {
        return sy_value_missing(a) && sy_value_missing(b);
    }
    return sy_value_equal(a, b);
}

/* The columns of the table's own that both sides have. */
static bool same_content(const sy_row *client, const sy_row *server)
{
    const sy_schema *schema = client->schema;
    for (uint32_t i = SY_SYSTEM_COUNT; i < schema->column_count; i++) {
        int column = sy_schema_find(server->schema, schema->columns[i].name);
        if (column >= 0 && !same_cell(&client->cells[i], &server->cells[column])) {
            return false;
        }
    }
    return true;
}

static bool same_version(const sy_row *client, const sy_row *server)
{
    sy_str a = sy_row_version(client);
    sy_str b = sy_row_version(server);
    return a.size == 0 || b.size == 0 || sy_str_equal(a, b);
}

/* Both sides have it. */
static void compare_rows(const scope *in, sy_str id, const sy_row *client, const sy_row *server)
{
    if (!same_content(client, server)) {
        emit(in, id, client, server, "the rows differ");
    } else if (!same_version(client, server)) {
        emit(in, id, client, server, "the versions differ");
    }
}

/* Every row that the server has in the scope. */
static sy_rc compare_server_rows(const scope *in, const sy_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const sy_row *client = NULL;
        sy_str id = sy_row_id(rows->items[i]);
        sy_rc rc = sy_store_read(in->client_store, in->client, id, in->arena, &client, NULL);
        if (rc != SY_OK) {
            return rc;
        }
        if (client == NULL) {
            emit(in, id, NULL, rows->items[i], "only on the server");
        } else {
            compare_rows(in, id, client, rows->items[i]);
        }
    }
    return SY_OK;
}

static const sy_row *find_row(const sy_rows *rows, sy_str id)
{
    size_t low = 0;
    size_t high = rows->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = sy_str_compare(sy_row_id(rows->items[middle]), id);
        if (order == 0) {
            return rows->items[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

/* Rows that the client shows in the scope and the server does not. */
static sy_rc compare_client_rows(const scope *in, const sy_rows *rows, const sy_rows *servers)
{
    for (size_t i = 0; i < rows->count; i++) {
        sy_str id = sy_row_id(rows->items[i]);
        if (find_row(servers, id) != NULL) {
            continue;
        }
        const sy_row *server = NULL;
        sy_rc rc = sy_store_read(in->server_store, in->server, id, in->arena, &server, NULL);
        if (rc != SY_OK) {
            return rc;
        }
        if (server == NULL) {
            emit(in, id, rows->items[i], NULL, "only on the client");
        } else if (sy_row_deleted(server)) {
            emit(in, id, rows->items[i], server, "deleted on the server");
        } else {
            compare_rows(in, id, rows->items[i], server);
        }
    }
    return SY_OK;
}

/* Rows of the filter alone, in order of id, tombstones left out. */
static sy_rc scope_rows(const scope *in, sy_store store, const sy_query *pulled, sy_rows *out)
{
    sy_query query = sy_query_all(pulled->schema);
    query.filter = pulled->filter;
    sy_rc rc = sy_store_query(store, &query, in->arena, out, NULL);
    out->count = rc == SY_OK ? out->count : 0;
    sy_rows_drop_deleted(out);
    return rc;
}

static sy_rc compare_scope(const scope *in, const sy_query *pulled, sy_str query_id)
{
    sy_query mapped;
    sy_query filter = sy_query_all(pulled->schema);
    filter.filter = pulled->filter;
    sy_rc rc = sy_query_map(&filter, in->server, in->arena, &mapped, NULL);
    if (rc == SY_SCHEMA) {
        return SY_OK; /* it filters by a column that the server lacks */
    }
    sy_rows clients = {0};
    sy_rows servers = {0};
    if (rc == SY_OK) {
        rc = scope_rows(in, in->client_store, pulled, &clients);
    }
    if (rc == SY_OK) {
        rc = scope_rows(in, in->server_store, &mapped, &servers);
    }
    if (rc != SY_OK) {
        return rc;
    }
    sim_device *device = in->device;
    sim_trace_event(&device->simulation->world, sim_client_host_index(device->host),
                    &sim_event_scope, sy_cstr(device->name), sy_text(in->client->name),
                    sy_text(query_id), sy_int((int64_t)clients.count),
                    sy_int((int64_t)servers.count));
    rc = compare_server_rows(in, &servers);
    return rc == SY_OK ? compare_client_rows(in, &clients, &servers) : rc;
}

static sy_rc look_at_queue(scope *in, sy_server *server)
{
    sy_client *client = sim_client_host_client(in->device->host);
    sy_operation operation;
    for (uint32_t i = 0; sy_client_operation(client, i, &operation); i++) {
        const sy_row *local = NULL;
        const sy_row *remote = NULL;
        in->client = operation.schema;
        in->server = sy_server_schema(server, operation.schema->name);
        sy_rc rc =
            sy_store_read(in->client_store, in->client, operation.id, in->arena, &local, NULL);
        if (rc == SY_OK && in->server != NULL) {
            rc =
                sy_store_read(in->server_store, in->server, operation.id, in->arena, &remote, NULL);
        }
        if (rc != SY_OK) {
            return rc;
        }
        emit(in, operation.id, local, remote, pending);
    }
    return SY_OK;
}

static sy_rc compare_device(scope *in, sy_server *server)
{
    sim_client_host *host = in->device->host;
    in->client_store = sim_client_host_store(host);
    sy_rc rc = look_at_queue(in, server);
    uint32_t count = sim_client_host_note_pulled(host);
    for (uint32_t i = 0; i < count && rc == SY_OK; i++) {
        const sy_query *query = NULL;
        sy_str query_id = {0};
        sim_client_host_pulled(host, i, &query, &query_id);
        in->client = query->schema;
        in->server = sy_server_schema(server, query->schema->name);
        if (in->server != NULL && query->top < 0 && query->skip < 0) {
            sy_arena_reset(in->arena);
            rc = compare_scope(in, query, query_id);
        }
    }
    return rc;
}

static void emit_down(sim_device *device)
{
    sim_trace_event(&device->simulation->world, sim_client_host_index(device->host),
                    &sim_event_divergence, sy_cstr(device->name), sy_cstr(""), sy_cstr(""),
                    sy_row_value(NULL), sy_row_value(NULL), sy_cstr("does not start"),
                    sy_cstr("permanent divergence"));
}

void sim_settle_compare(sim_simulation *simulation)
{
    sy_server *server = sim_server_host_server(simulation->server);
    if (server == NULL) {
        return;
    }
    sy_arena arena;
    sy_arena_init(&arena, simulation->alloc);
    for (size_t i = 0; i < simulation->device_count; i++) {
        sim_device *device = simulation->devices[i];
        if (sim_client_host_up(device->host)) {
            scope in = {.device = device, .server_store = sy_server_store(server), .arena = &arena};
            if (compare_device(&in, server) == SY_NOMEM) {
                simulation->world.broken = SY_NOMEM;
            }
        } else if (sim_client_host_incarnation(device->host) > 0) {
            emit_down(device);
        }
    }
    sy_arena_deinit(&arena);
}
