/* What outlives a process of the app: the queries that it pulled (so that whoever looks later knows
 * what it asked for), the store as a whole, and what a process finds in it after a crash. */
#include "core/base/check.h"
#include "sim/host/client_internal.h"

static bool is_noted(const sim_client_host *host, const sy_query *query, sy_str query_id)
{
    uint64_t hash = sy_query_hash(query);
    for (size_t i = 0; i < host->pulled_count; i++) {
        const sim_pulled *pulled = &host->pulled[i];
        if (pulled->query.schema == query->schema && sy_str_equal(pulled->query_id, query_id) &&
            sy_query_hash(&pulled->query) == hash) {
            return true;
        }
    }
    return false;
}

static bool note(sim_client_host *host, const sy_query *query, sy_str query_id)
{
    if (host->pulled_count == host->pulled_capacity) {
        sim_pulled *grown = sy_alloc_grow(host->world->alloc, host->pulled, host->pulled_count,
                                          &host->pulled_capacity, sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        host->pulled = grown;
    }
    sim_pulled *pulled = &host->pulled[host->pulled_count];
    pulled->query_id = sy_arena_copy(&host->pulled_arena, query_id);
    if (pulled->query_id.data == NULL ||
        sy_query_copy(query, &host->pulled_arena, &pulled->query) != SY_OK) {
        return false;
    }
    host->pulled_count++;
    return true;
}

uint32_t sim_client_host_note_pulled(sim_client_host *host)
{
    const sy_query *query = NULL;
    sy_str query_id = {0};
    for (uint32_t i = 0;
         host->client != NULL && sy_client_pulled(host->client, i, &query, &query_id); i++) {
        if (!is_noted(host, query, query_id) && !note(host, query, query_id)) {
            host->world->broken = SY_NOMEM;
        }
    }
    return (uint32_t)host->pulled_count;
}

void sim_client_host_pulled(const sim_client_host *host, uint32_t index, const sy_query **query,
                            sy_str *query_id)
{
    SY_ASSERT(index < host->pulled_count);
    *query = &host->pulled[index].query;
    *query_id = host->pulled[index].query_id;
}

static const sy_schema *table_named(const sim_client_host *host, sy_str name)
{
    for (uint32_t i = 0; i < host->config.client.table_count; i++) {
        if (sy_str_equal(host->config.client.tables[i].schema->name, name)) {
            return host->config.client.tables[i].schema;
        }
    }
    return NULL;
}

sy_rc sim_client_host_move_pulled(sim_client_host *host, sy_err *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < host->pulled_count; i++) {
        const sim_pulled *pulled = &host->pulled[i];
        const sy_schema *schema = table_named(host, pulled->query.schema->name);
        sim_pulled moved = {.query_id = pulled->query_id};
        sy_rc rc = schema == NULL ? SY_SCHEMA
                                  : sy_query_map(&pulled->query, schema, &host->pulled_arena,
                                                 &moved.query, err);
        if (rc == SY_NOMEM) {
            return rc;
        }
        if (rc == SY_OK) {
            host->pulled[kept++] = moved;
        }
    }
    host->pulled_count = kept;
    return SY_OK;
}

/* -- the store as a whole -- */

sy_rc sim_client_host_save(sim_client_host *host, struct sim_image **out, sy_err *err)
{
    const sim_storage *storage = &host->config.storage;
    return storage->ops->save(storage->self, out, err);
}

static sy_rc load(sim_client_host *host, const struct sim_image *image, sy_err *err)
{
    const sim_storage *storage = &host->config.storage;
    if (host->client != NULL) {
        return SY_FAIL(err, SY_STATE, "%s is running", host->config.name);
    }
    sy_rc rc = storage->ops->load(storage->self, image, err);
    host->after_crash = host->after_crash && rc != SY_OK; /* its successor finds something else */
    return rc;
}

static void emit_breach(const sim_client_host *host, const char *what)
{
    sim_trace_event(host->world, host->index, &sim_event_breach, sy_cstr(host->config.name),
                    sy_cstr(what));
}

sy_rc sim_client_host_load(sim_client_host *host, const struct sim_image *image, sy_err *err)
{
    sy_rc rc = load(host, image, err);
    if (rc == SY_OK) {
        emit_breach(host, "identity restored");
    }
    return rc;
}

sy_rc sim_client_host_adopt(sim_client_host *host, const struct sim_image *image,
                            sy_str installation_id, sy_err *err)
{
    sy_rc rc = load(host, image, err);
    if (rc == SY_OK) {
        host->config.client.installation_id = installation_id;
        emit_breach(host, "identity cloned");
    }
    return rc;
}

sy_rc sim_client_host_reinstall(sim_client_host *host, sy_str installation_id, sy_err *err)
{
    sy_rc rc = load(host, NULL, err);
    if (rc == SY_OK) {
        host->pulled_count = 0;
        host->config.client.installation_id = installation_id;
        host->identity_told = false;
        emit_breach(host, "reinstalled");
    }
    return rc;
}

sy_str sim_client_host_installation(const sim_client_host *host)
{
    return host->config.client.installation_id;
}

static sy_rc emit_rows(sim_client_host *host, const sy_schema *schema, sy_arena *arena,
                       int64_t *count)
{
    sy_query query = sy_query_all(schema);
    sy_rows rows = {0};
    sy_rc rc = sy_store_query(host->store, &query, arena, &rows, NULL);
    for (size_t i = 0; rc == SY_OK && i < rows.count; i++) {
        sim_trace_event(host->world, host->index, &sim_event_survivor_row,
                        sy_cstr(host->config.name), sy_text(schema->name),
                        sy_text(sy_row_id(rows.items[i])), sy_row_value(rows.items[i]));
        ++*count;
    }
    return rc;
}

void sim_client_host_emit_scene(sim_client_host *host)
{
    int64_t operations = 0;
    int64_t rows = 0;
    sy_operation operation;
    while (sy_client_operation(host->client, (uint32_t)operations, &operation)) {
        sim_trace_event(host->world, host->index, &sim_event_survivor, sy_cstr(host->config.name),
                        sy_int(operation.sequence), sy_cstr(sy_operation_kind_name(operation.kind)),
                        sy_text(operation.schema->name), sy_text(operation.id));
        operations++;
    }
    sy_arena arena;
    sy_arena_init(&arena, host->world->alloc);
    sy_rc rc = SY_OK;
    for (uint32_t i = 0; i < host->config.client.table_count && rc == SY_OK; i++) {
        rc = emit_rows(host, host->config.client.tables[i].schema, &arena, &rows);
        sy_arena_reset(&arena);
    }
    sy_arena_deinit(&arena);
    if (rc == SY_NOMEM) {
        host->world->broken = SY_NOMEM;
    }
    sim_trace_event(host->world, host->index, &sim_event_crash_scene, sy_cstr(host->config.name),
                    sy_int(operations), sy_int(rows));
}
