/* Purge: takes rows out of a local table without telling the server. protocol.md 8.
 *
 * Everything goes in one transaction: the operations that are discarded, their errors, the delta
 * tokens, the rows. The JavaScript client has one for each of these steps, so that a crash may
 * leave a purge half done. */
#include "core/base/mutant.h"
#include "core/client/internal.h"
#include "core/client/pull_time.h"

static bool is_being_sent(const sy_client *client, const sy_schema *schema)
{
    int64_t after = 0;
    const sy_operation *operation;
    while ((operation = sy_operation_queue_peek(&client->queue, after, &schema, 1)) != NULL) {
        if (operation->in_flight) {
            return true;
        }
        after = operation->sequence;
    }
    return false;
}

static sy_rc refuse(const sy_client *client, const sy_task *task, uint32_t pending, sy_err *err)
{
    const sy_dialect *dialect = client->config.dialect;
    const sy_call *call = &task->call;
    if (!dialect->has_purge) {
        return SY_FAIL(err, SY_STATE, "the dialect %s has no purge", dialect->name);
    }
    if (call->force && dialect->purge_force == SY_PURGE_FORCE_NONE) {
        return SY_FAIL(err, SY_STATE, "the dialect %s cannot force a purge", dialect->name);
    }
    if (call->reset_associated && dialect->purge_associated == SY_PURGE_ASSOCIATED_NONE) {
        return SY_FAIL(err, SY_STATE, "a purge of the dialect %s cannot reset associated queries",
                       dialect->name);
    }
    if (pending > 0 && !call->force && !SY_MUTANT(PURGE_TAKES_PENDING)) {
        return SY_FAIL(err, SY_STATE,
                       "table %.*s has %u pending operations: push them first, or force the purge",
                       SY_FMT(task->schema->name), pending);
    }
    if (pending > 0 && call->query->filter != NULL &&
        dialect->purge_force == SY_PURGE_FORCE_UNFILTERED) {
        return SY_FAIL(err, SY_STATE,
                       "table %.*s has %u pending operations, and a purge with a filter cannot "
                       "discard them",
                       SY_FMT(task->schema->name), pending);
    }
    if (pending > 0 && is_being_sent(client, task->schema)) {
        return SY_FAIL(err, SY_STATE, "an operation of table %.*s is being sent",
                       SY_FMT(task->schema->name));
    }
    return SY_OK;
}

static sy_rc discard_operations(sy_client *client, const sy_schema *schema, sy_err *err)
{
    const bool errors = client->config.dialect->errors == SY_ERRORS_REPLAYED;
    sy_rc rc = errors ? sy_error_list_clear(&client->errors, schema->name, err) : SY_OK;
    sy_operation *operation = sy_operation_queue_peek(&client->queue, 0, &schema, 1);
    while (operation != NULL && rc == SY_OK) {
        rc = sy_operation_queue_remove(&client->queue, operation->sequence, operation->version,
                                       NULL, err);
        operation = sy_operation_queue_peek(&client->queue, 0, &schema, 1);
    }
    return rc;
}

/* The query id whose token goes; empty: all of the table. *none: no token goes. */
static sy_rc choose_query_id(const sy_client *client, sy_task *task, sy_str *out, bool *none,
                             sy_err *err)
{
    *out = task->call.query_id;
    *none = false;
    switch (client->config.dialect->purge_reset) {
    case SY_PURGE_RESETS_NONE:
        *none = true;
        break;
    case SY_PURGE_RESETS_GIVEN:
        *none = out->size == 0;
        break;
    case SY_PURGE_RESETS_QUERY:
        return sy_pull_query_id(client, task->call.query, task->call.query_id, &task->arena, out,
                                err);
    case SY_PURGE_RESETS_TABLE:
        *out = (sy_str){NULL, 0};
        break;
    }
    return SY_OK;
}

static sy_rc reset_chosen(sy_client *client, sy_task *task, sy_err *err)
{
    bool none = false;
    sy_str query_id;
    sy_rc rc = choose_query_id(client, task, &query_id, &none, err);
    if (rc != SY_OK || none || SY_MUTANT(PURGE_KEEPS_TOKEN)) {
        return rc;
    }
    const sy_str token = sy_settings_token_key(&task->arena, task->schema->name, query_id);
    const sy_str epoch = sy_settings_epoch_key(&task->arena, task->schema->name, query_id);
    if (token.data == NULL || epoch.data == NULL) {
        return sy_fail_nomem(err);
    }
    if (query_id.size > 0) {
        return sy_settings_remove(&client->settings, token, err);
    }
    rc = sy_settings_remove_prefix(&client->settings, token, err);
    return rc == SY_OK ? sy_settings_remove_prefix(&client->settings, epoch, err) : rc;
}

static sy_rc reset_tokens(sy_client *client, sy_task *task, sy_err *err)
{
    const sy_dialect *dialect = client->config.dialect;
    const sy_str table = task->schema->name;
    if (dialect->pull_time_table) {
        return sy_pull_time_remove(client->config.store, table, &client->scratch, err);
    }
    sy_rc rc = reset_chosen(client, task, err);
    if (rc == SY_OK && task->call.reset_associated) {
        const bool dotted = dialect->purge_associated == SY_PURGE_ASSOCIATED_ALL;
        rc = sy_settings_remove_tokens(&client->settings, table, dotted, err);
    }
    return rc;
}

/* The rows that the query asks for, $skip and $top included. */
static sy_rc remove_rows(sy_client *client, sy_task *task, sy_err *err)
{
    const sy_store store = client->config.store;
    sy_query query = *task->call.query;
    query.select = 1u << SY_COLUMN_ID;
    query.want_total = false;
    sy_rows rows = {0};
    sy_rc rc = sy_store_query(store, &query, &task->work, &rows, err);
    for (size_t i = 0; i < rows.count && rc == SY_OK; i++) {
        rc = sy_store_remove(store, task->schema, sy_row_id(rows.items[i]), err);
    }
    task->count = (int64_t)rows.count;
    return rc;
}

typedef struct discarded { /* an operation that goes, for the trace */
    int64_t sequence;
    sy_str id;
} discarded;

static sy_rc list_discarded(const sy_client *client, sy_task *task, uint32_t pending,
                            discarded **out, sy_err *err)
{
    *out = sy_arena_push(&task->arena, pending * sizeof **out);
    if (*out == NULL) {
        return sy_fail_nomem(err);
    }
    int64_t after = 0;
    for (uint32_t i = 0; i < pending; i++) {
        const sy_operation *operation =
            sy_operation_queue_peek(&client->queue, after, &task->schema, 1);
        (*out)[i] = (discarded){operation->sequence, sy_arena_copy(&task->arena, operation->id)};
        if ((*out)[i].id.data == NULL) {
            return sy_fail_nomem(err);
        }
        after = operation->sequence;
    }
    return SY_OK;
}

/* What was done so far is durable when the dialect goes by steps. */
static sy_rc end_step(sy_client *client, sy_err *err)
{
    if (!client->config.dialect->purge_in_steps && !SY_MUTANT(PURGE_IN_STEPS)) {
        return SY_OK;
    }
    const sy_rc rc = sy_client_commit(client, err);
    return rc == SY_OK ? sy_client_begin(client, err) : rc;
}

/* A clean table has nothing to be forced: the errors that it may have stay [8]. */
static sy_rc purge_all(sy_client *client, sy_task *task, uint32_t pending, sy_err *err)
{
    sy_rc rc = pending > 0 && !SY_MUTANT(PURGE_LEAVES_OPERATIONS)
                   ? discard_operations(client, task->schema, err)
                   : SY_OK;
    if (rc == SY_OK && pending > 0) {
        rc = end_step(client, err);
    }
    if (rc == SY_OK) {
        rc = reset_tokens(client, task, err);
    }
    if (rc == SY_OK) {
        rc = end_step(client, err);
    }
    return rc == SY_OK ? remove_rows(client, task, err) : rc;
}

static sy_rc purge(sy_client *client, sy_task *task, uint32_t pending, sy_err *err)
{
    sy_rc rc = sy_client_begin(client, err);
    if (rc != SY_OK) {
        return rc;
    }
    rc = purge_all(client, task, pending, err);
    if (rc != SY_OK) {
        if (client->in_transaction) { /* a step that was not committed was rolled back already */
            sy_client_rollback(client);
        }
        return rc;
    }
    return sy_client_commit(client, err);
}

void sy_purge_step(sy_client *client, sy_task *task)
{
    const sy_schema *schema = task->schema;
    if (!sy_task_lock(client, task, client->config.dialect->lock_purge, schema,
                      (sy_str){NULL, 0})) {
        return;
    }
    const uint32_t pending = sy_operation_queue_count(&client->queue, schema);
    discarded *gone = NULL;
    sy_rc rc = refuse(client, task, pending, &task->err);
    if (rc == SY_OK) {
        rc = list_discarded(client, task, pending, &gone, &task->err);
    }
    if (rc == SY_OK) {
        rc = purge(client, task, pending, &task->err);
    }
    if (rc != SY_OK) {
        task->count = 0;
        sy_task_fail(client, task, rc, &task->err);
        return;
    }
    for (uint32_t i = 0; i < pending; i++) {
        sy_client_trace(client, &sy_event_dequeue, sy_int(gone[i].sequence), sy_text(schema->name),
                        sy_text(gone[i].id), sy_cstr("purged"));
    }
    sy_client_trace(client, &sy_event_purge, sy_int((int64_t)task->ticket), sy_text(schema->name),
                    sy_int(task->count), sy_int(pending), sy_bool(task->call.force));
    sy_task_end(client, task);
}
