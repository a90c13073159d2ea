/* The server's life, the moments of a request, and what it answers when something fails.
 *
 * Invariants:
 * - transactions in progress stand in a list in order of their beginning, so their sequences rise;
 * - the horizon lies below all of them, and not above what the store knows of the counters: a
 *   sequence above that may be given again after a crash. */
#include "core/base/check.h"
#include "core/base/mutant.h"
#include "core/server/internal.h"

/* -- life -- */

static sy_rc open_table(sy_server *server, uint32_t index, sy_err *err)
{
    const sy_server_config *config = &server->config;
    const sy_server_table *given = &config->tables[index];
    sy_served_table *table = &server->tables[index];
    table->options = *given;
    table->schema = given->schema;
    uint32_t system = config->dialect->system;
    system |= config->dialect->loose_numbers ? SY_SCHEMA_LOOSE : 0;
    if (config->dialect->deleted_is_optional && !given->soft_delete) {
        system &= ~SY_SYSTEM_BIT(SY_COLUMN_DELETED);
    }
    sy_rc rc = SY_OK;
    if ((given->schema->system | SY_SYSTEM_BIT(SY_COLUMN_VERSION)) != system) {
        rc = sy_server_schema_new(config->dialect, given, &server->arena, &table->schema, err);
    }
    if (table->options.page_size <= 0) {
        table->options.page_size = config->page_size;
    }
    if (table->options.top_max <= 0) {
        table->options.top_max = config->dialect->top_max;
    }
    if (rc == SY_OK && config->dialect->pages_by_key) {
        rc = sy_change_log_init(&table->changes, &server->arena, server->sequence_kept, err);
    }
    if (rc == SY_OK) {
        rc = sy_store_define(config->store, table->schema, err);
    }
    return rc == SY_OK ? sy_growth_restore(server, table, err) : rc;
}

static sy_rc open_all(sy_server *server, sy_err *err)
{
    size_t count = server->config.table_count;
    server->tables = sy_arena_push_zeroed(&server->arena, (count + 1) * sizeof *server->tables);
    if (server->tables == NULL) {
        return sy_fail_nomem(err);
    }
    sy_rc rc = sy_ledger_open(server, err);
    for (uint32_t i = 0; rc == SY_OK && i < count; i++) {
        rc = open_table(server, i, err);
    }
    sy_arena_reset(&server->scratch);
    return rc;
}

sy_rc sy_server_open(const sy_server_config *config, sy_server **out, sy_err *err)
{
    sy_server *server = sy_alloc_zeroed(config->alloc, sizeof *server);
    if (server == NULL) {
        return sy_fail_nomem(err);
    }
    server->config = *config;
    if (server->config.page_size <= 0) {
        server->config.page_size = config->dialect->page_size;
    }
    sy_arena_init(&server->arena, config->alloc);
    sy_arena_init(&server->scratch, config->alloc);
    sy_rc rc = open_all(server, err);
    if (rc != SY_OK) {
        sy_server_close(server);
        return rc;
    }
    *out = server;
    return SY_OK;
}

static void free_transactions(sy_alloc alloc, sy_server_transaction *transaction)
{
    while (transaction != NULL) {
        sy_server_transaction *next = transaction->next;
        sy_alloc_free(alloc, transaction, sizeof *transaction);
        transaction = next;
    }
}

void sy_server_close(sy_server *server)
{
    if (server == NULL) {
        return;
    }
    sy_alloc alloc = server->config.alloc;
    free_transactions(alloc, server->first);
    free_transactions(alloc, server->spare);
    sy_arena_deinit(&server->arena);
    sy_arena_deinit(&server->scratch);
    sy_alloc_free(alloc, server, sizeof *server);
}

/* -- looking things up -- */

sy_served_table *sy_server_table_find(const sy_server *server, sy_str name)
{
    for (uint32_t i = 0; i < server->config.table_count; i++) {
        if (sy_str_equal(server->tables[i].schema->name, name)) {
            return &server->tables[i];
        }
    }
    for (uint32_t i = 0; i < server->config.table_count; i++) { /* some clients send lower case */
        if (sy_str_equal_nocase(server->tables[i].schema->name, name)) {
            return &server->tables[i];
        }
    }
    return NULL;
}

const sy_schema *sy_server_schema(const sy_server *server, sy_str table)
{
    const sy_served_table *found = sy_server_table_find(server, table);
    return found != NULL ? found->schema : NULL;
}

sy_store sy_server_store(const sy_server *server)
{
    return server->config.store;
}

int64_t sy_server_horizon(const sy_server *server)
{
    int64_t horizon = server->sequence_last;
    const sy_server_transaction *open = server->first;
    while (open != NULL && open->sequence == 0) { /* it reads */
        open = open->next;
    }
    if (open != NULL && !SY_MUTANT(HORIZON_PASSES_OPEN)) {
        horizon = open->sequence - 1;
    }
    return horizon < server->sequence_kept ? horizon : server->sequence_kept;
}

/* -- transactions in progress -- */

static void list_append(sy_server *server, sy_server_transaction *transaction)
{
    transaction->previous = server->last;
    if (server->last != NULL) {
        server->last->next = transaction;
    } else {
        server->first = transaction;
    }
    server->last = transaction;
}

static void list_remove(sy_server *server, sy_server_transaction *transaction)
{
    if (transaction->previous != NULL) {
        transaction->previous->next = transaction->next;
    } else {
        server->first = transaction->next;
    }
    if (transaction->next != NULL) {
        transaction->next->previous = transaction->previous;
    } else {
        server->last = transaction->previous;
    }
}

static void recycle(sy_server *server, sy_server_transaction *transaction)
{
    list_remove(server, transaction);
    *transaction = (sy_server_transaction){.next = server->spare};
    server->spare = transaction;
}

/* -- the moments of a request -- */

sy_rc sy_server_begin(sy_server *server, const sy_request *request, sy_server_transaction **out,
                      sy_err *err)
{
    const sy_server_dialect *dialect = server->config.dialect;
    sy_server_transaction *transaction = server->spare;
    if (transaction != NULL) {
        server->spare = transaction->next;
    } else {
        transaction = sy_alloc_get(server->config.alloc, sizeof *transaction);
        if (transaction == NULL) {
            return sy_fail_nomem(err);
        }
    }
    *transaction = (sy_server_transaction){.request = request};
    if (sy_method_writes(request->method)) {
        transaction->stamp =
            sy_time_truncate(sy_clock_now(server->config.clock), dialect->updated_at_resolution_ns);
        if ((dialect->system & SY_SYSTEM_BIT(SY_COLUMN_SEQUENCE)) != 0) {
            transaction->sequence = ++server->sequence_last;
        }
    }
    list_append(server, transaction);
    if (server->config.tracer.ops != NULL) {
        sy_trace(server->config.tracer, &sy_event_request, sy_cstr(sy_method_name(request->method)),
                 sy_text(request->table), sy_text(request->id), sy_text(request->if_match),
                 sy_text(request->installation_id), sy_text(request->operation_key));
    }
    *out = transaction;
    return SY_OK;
}

void sy_response_refuse(sy_response *response, int status, const char *reason)
{
    *response = (sy_response){.status = status, .reason = sy_str_of(reason), .rows.total = -1};
}

/* What the Node server looks at before it asks who is there. */
static bool is_malformed(const sy_server *server, const sy_served_table *table,
                         const sy_request *request)
{
    const sy_query *query = request->query;
    const int64_t top_max = table->options.top_max;
    if (server->config.dialect->page_rule != SY_PAGE_IS_TOP) {
        return false;
    }
    const sy_value *id = request->row != NULL ? &request->row->cells[SY_COLUMN_ID] : NULL;
    const bool other_id = id != NULL && request->id.size > 0 && !sy_value_missing(id) &&
                          !sy_str_equal(sy_value_str(id), request->id);
    return other_id || (query != NULL && top_max > 0 && query->top > top_max);
}

int sy_server_access(const sy_server *server, const sy_served_table *table,
                     const sy_request *request)
{
    uint32_t routed = server->config.dialect->methods & ~table->options.disabled;
    if ((routed & SY_METHOD_BIT(request->method)) == 0) {
        return 405;
    }
    if (!table->options.authorize || request->user.size > 0) {
        return 0;
    }
    return is_malformed(server, table, request) ? 400 : 401;
}

static sy_rc serve(sy_server *server, const sy_server_transaction *transaction, sy_arena *arena,
                   sy_response *out, sy_err *err)
{
    const sy_request *request = transaction->request;
    sy_served_table *table = sy_server_table_find(server, request->table);
    if (table == NULL) {
        sy_response_refuse(out, 404, "no such table");
        return SY_OK;
    }
    int status = transaction->direct ? 0 : sy_server_access(server, table, request);
    if (status != 0) {
        sy_response_refuse(out, status,
                           status == 401   ? "nobody is logged in"
                           : status == 400 ? "the request is malformed"
                                           : "this table has no such method");
        return SY_OK;
    }
    if (request->method == SY_METHOD_QUERY) {
        return sy_query_serve(server, table, request, arena, out, err);
    }
    if (request->method == SY_METHOD_READ) {
        return sy_read_serve(server, table, request, arena, out, err);
    }
    return sy_write_serve(server, table, transaction, arena, out, err);
}

/* Failures that a client hears of: what it asked for is wrong, or we are in trouble. */
static sy_rc answer_failure(sy_rc rc, const sy_err *why, sy_arena *arena, sy_response *out,
                            sy_err *err)
{
    bool asked_wrong = rc == SY_SCHEMA || rc == SY_INVALID;
    sy_response_refuse(out, asked_wrong ? 400 : 500, NULL);
    out->reason = sy_arena_copy(arena, sy_str_of(why->text));
    return out->reason.data == NULL ? sy_fail_nomem(err) : SY_OK;
}

static void trace_response(const sy_server *server, const sy_request *request,
                           const sy_response *response)
{
    const sy_row *row = response->row;
    sy_trace(server->config.tracer, &sy_event_respond, sy_cstr(sy_method_name(request->method)),
             sy_text(request->table), sy_text(request->id), sy_int(response->status),
             sy_int((int64_t)response->rows.count + (row != NULL)),
             sy_text(row != NULL ? sy_row_version(row) : (sy_str){0}));
}

sy_rc sy_server_end(sy_server *server, sy_server_transaction *transaction, sy_arena *arena,
                    sy_response *out, sy_err *err)
{
    SY_ASSERT(transaction != NULL);
    const sy_request *request = transaction->request;
    *out = (sy_response){.rows.total = -1};
    sy_err why = {0};
    sy_rc rc = serve(server, transaction, arena, out, &why);
    recycle(server, transaction);
    sy_arena_reset(&server->scratch);
    if (rc != SY_OK && rc != SY_NOMEM) {
        rc = answer_failure(rc, &why, arena, out, &why);
    }
    if (rc != SY_OK) {
        return sy_fail_nomem(err);
    }
    if (server->config.tracer.ops != NULL) {
        trace_response(server, request, out);
    }
    return SY_OK;
}

void sy_server_abort(sy_server *server, sy_server_transaction *transaction)
{
    recycle(server, transaction);
}

sy_rc sy_server_serve(sy_server *server, const sy_request *request, sy_arena *arena,
                      sy_response *out, sy_err *err)
{
    sy_server_transaction *transaction = NULL;
    sy_rc rc = sy_server_begin(server, request, &transaction, err);
    if (rc != SY_OK) {
        return rc;
    }
    SY_ASSERT(transaction != NULL);
    transaction->direct = true;
    return sy_server_end(server, transaction, arena, out, err);
}
