/* What an app does about an error of a push, afterwards or in OnPushComplete. protocol.md 6.6.
 *
 * An error names an operation and the version that it had; once the operation has changed, the
 * error can no longer be resolved. Operation, error row and local row change in one transaction. */
#include "core/base/mutant.h"
#include "core/client/apply.h"
#include "core/client/find_row.h"
#include "core/client/inbox.h"

static sy_rc refuse_row(const sy_call *call, const sy_operation *operation, sy_err *err)
{
    const bool revives = call->resolution == SY_RESOLVE_CHANGE_ACTION &&
                         operation->kind == SY_OPERATION_DELETE &&
                         call->action != SY_OPERATION_DELETE;
    if ((call->resolution == SY_RESOLVE_CANCEL_AND_UPDATE || revives) && call->row == NULL) {
        return SY_FAIL(err, SY_INVALID, "%s needs a row", sy_resolution_name(call->resolution));
    }
    return SY_OK;
}

static sy_rc refuse(const sy_dialect *dialect, const sy_call *call, const sy_operation *operation,
                    sy_err *err)
{
    const bool by_log =
        call->resolution == SY_RESOLVE_CANCEL || call->resolution == SY_RESOLVE_CHANGE_ACTION;
    if (by_log && !dialect->errors_change_action) {
        return SY_FAIL(err, SY_INVALID, "the errors of dialect %s have no %s", dialect->name,
                       sy_resolution_name(call->resolution));
    }
    if (dialect->errors_change_action && operation != NULL && !operation->in_flight) {
        return refuse_row(call, operation, err); /* whatever became of it since */
    }
    const bool named = call->operation_version != 0 || dialect->version_first == 0;
    if (operation == NULL || (named ? operation->version != call->operation_version
                                    : operation->state != SY_STATE_FAILED)) {
        return SY_FAIL(err, SY_STATE, "operation %lld was changed or done since its error",
                       (long long)call->operation);
    }
    if (operation->in_flight) {
        return SY_FAIL(err, SY_STATE, "operation %lld is being sent", (long long)call->operation);
    }
    return refuse_row(call, operation, err);
}

/* The row given, over the operation's table and with its id. */
static sy_rc given_row(sy_task *task, const sy_operation *operation, const sy_row **out,
                       sy_err *err)
{
    *out = NULL;
    if (task->call.row == NULL) {
        return SY_OK;
    }
    const sy_row *mapped = NULL;
    const sy_rc rc =
        sy_row_map(&task->arena, task->call.row, operation->schema, false, &mapped, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_row *row = sy_row_shallow(&task->arena, mapped);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    if (!sy_value_missing(&row->cells[SY_COLUMN_ID]) &&
        !sy_str_equal(sy_row_id(row), operation->id)) {
        return SY_FAIL(err, SY_INVALID, "the row '%.*s' is not that of operation %lld",
                       SY_FMT(sy_row_id(row)), (long long)operation->sequence);
    }
    const sy_str id = sy_arena_copy(&task->arena, operation->id);
    if (id.data == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_ID] = sy_text(id);
    *out = row;
    return SY_OK;
}

/* What `*text` holds (may be nothing), with `over` put over it. */
static sy_rc encode_over(sy_task *task, const sy_row *over, sy_str *text, sy_err *err)
{
    const sy_row *row = over;
    if (text->size > 0) {
        const sy_rc rc = sy_row_decode(*text, over->schema, &task->arena, &row, err);
        if (rc != SY_OK) {
            return rc;
        }
        row = sy_row_overlay(&task->arena, row, over);
    }
    return row == NULL ? sy_fail_nomem(err) : sy_row_encode(row, &task->arena, text, err);
}

/* The base gets the version given, which is sent as If-Match. It is no row that the server ever had
 * then, and has no time of it. */
static sy_rc encode_base(sy_task *task, const sy_row *given, sy_str *base, sy_err *err)
{
    const sy_row *before = NULL;
    const sy_rc rc = sy_row_decode(*base, given->schema, &task->arena, &before, err);
    if (rc != SY_OK || sy_str_equal(sy_row_version(before), sy_row_version(given))) {
        return rc;
    }
    sy_row *row = sy_row_shallow(&task->arena, before);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_VERSION] = given->cells[SY_COLUMN_VERSION];
    row->cells[SY_COLUMN_UPDATED_AT] = (sy_value){.type = SY_TYPE_ABSENT};
    return sy_row_encode(row, &task->arena, base, err);
}

/* The new item and, where the dialect takes If-Match from the base, a base of the version given. */
static sy_rc encode_texts(const sy_client *client, sy_task *task, const sy_row *row,
                          sy_operation *changed, sy_err *err)
{
    if (!client->config.dialect->keeps_item) { /* op.item = item [6.6] */
        changed->item = (sy_str){NULL, 0};
    }
    const sy_rc rc = encode_over(task, row, &changed->item, err);
    if (rc != SY_OK || changed->base.size == 0 || sy_row_version(row).size == 0 ||
        SY_MUTANT(RESOLVED_BUT_STALE)) {
        return rc;
    }
    return encode_base(task, row, &changed->base, err);
}

/* The operation stays in its place, Pending again, with the row as its item. */
static sy_rc rearm(sy_client *client, sy_task *task, const sy_operation *operation,
                   const sy_row *row, sy_err *err)
{
    sy_operation changed = *operation;
    changed.version++;
    if (task->call.resolution == SY_RESOLVE_CHANGE_ACTION) {
        changed.kind = task->call.action;
    }
    const bool is_delete = changed.kind == SY_OPERATION_DELETE;
    changed.state = SY_STATE_PENDING;
    changed.status = 0;
    sy_rc rc = SY_OK;
    if (row != NULL && (operation->item.size > 0 || is_delete)) {
        rc = encode_texts(client, task, row, &changed, err);
    }
    if (rc == SY_OK && row != NULL && !is_delete) {
        rc = sy_find_write(client, row, err);
    }
    return rc == SY_OK ? sy_operation_queue_change(&client->queue, &changed, err) : rc;
}

/* The row goes, too. Where the dialect kept what the edit was made on, that comes back: the server
 * may have it still, and every token passed it. What a later edit shows stays. */
static sy_rc discard(sy_client *client, sy_task *task, const sy_operation *operation, sy_err *err)
{
    const sy_row *base = NULL;
    sy_rc rc = SY_OK;
    if (SY_MUTANT(DISCARD_LEAVES_ROW) ||
        (client->config.dialect->keeps_base && sy_operation_queue_newer(operation) != NULL)) {
        return SY_OK;
    }
    if (operation->base.size > 0) {
        rc = sy_row_decode(operation->base, operation->schema, &task->arena, &base, err);
    }
    const bool is_servers = base != NULL && !sy_row_deleted(base) &&
                            !sy_value_missing(&base->cells[SY_COLUMN_UPDATED_AT]);
    return rc == SY_OK ? sy_apply_row(client, operation->schema, task->call.id,
                                      is_servers ? base : NULL, err)
                       : rc;
}

/* The operation goes; the row is stored, or goes too, or stays. */
static sy_rc cancel(sy_client *client, sy_task *task, const sy_operation *operation,
                    const sy_row *row, sy_err *err)
{
    sy_rc rc = SY_OK;
    if (task->call.resolution == SY_RESOLVE_CANCEL_AND_DISCARD) {
        rc = discard(client, task, operation, err);
    } else if (task->call.resolution == SY_RESOLVE_CANCEL_AND_UPDATE) {
        rc = sy_find_write(client, row, err);
    }
    return rc == SY_OK ? sy_operation_queue_remove(&client->queue, operation->sequence,
                                                   operation->version, NULL, err)
                       : rc;
}

static bool keeps_operation(const sy_call *call)
{
    return call->resolution == SY_RESOLVE_UPDATE_OPERATION ||
           call->resolution == SY_RESOLVE_CHANGE_ACTION;
}

static sy_rc resolve(sy_client *client, sy_task *task, const sy_operation *operation, sy_err *err)
{
    const sy_row *row = NULL;
    sy_rc rc = given_row(task, operation, &row, err);
    if (rc == SY_OK) {
        rc = sy_client_begin(client, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    if (client->config.dialect->errors != SY_ERRORS_NOT_STORED) {
        rc = sy_error_list_remove(&client->errors, operation->sequence, err);
    }
    if (rc == SY_OK) {
        rc = sy_inbox_remove(client, operation->edit_sequence, err);
    }
    if (rc == SY_OK && keeps_operation(&task->call)) {
        rc = rearm(client, task, operation, row, err);
    } else if (rc == SY_OK) {
        rc = cancel(client, task, operation, row, err);
    }
    if (rc != SY_OK) {
        sy_client_rollback(client);
        return rc;
    }
    return sy_client_commit(client, err);
}

/* A push that is ending takes the error for handled [6.5]. */
static void mark_handled(const sy_client *client, int64_t operation)
{
    for (const sy_task *task = client->tasks; task != NULL; task = task->link_next) {
        for (uint32_t i = 0; task->push != NULL && i < task->push->error_count; i++) {
            if (task->push->errors[i].operation == operation) {
                task->push->errors[i].handled = true;
            }
        }
    }
}

void sy_resolve_step(sy_client *client, sy_task *task)
{
    const uint32_t locks = client->config.dialect->lock_write & (SY_LOCK_ITEM | SY_LOCK_ITEM_ID);
    const int64_t sequence = task->call.operation;
    const sy_operation *operation = sy_operation_queue_get(&client->queue, sequence);
    sy_rc rc = SY_OK;
    if (operation != NULL && task->state == 0) { /* once: the lock needs names that last */
        task->state = 1;
        task->schema = operation->schema;
        task->call.id = sy_arena_copy(&task->arena, operation->id);
        rc = task->call.id.data == NULL ? sy_fail_nomem(&task->err) : SY_OK;
    }
    if (rc == SY_OK && task->schema != NULL &&
        !sy_task_lock(client, task, locks, task->schema, task->call.id)) {
        return;
    }
    if (rc == SY_OK) {
        rc = refuse(client->config.dialect, &task->call, operation, &task->err);
    }
    if (rc == SY_OK && operation != NULL) {
        rc = resolve(client, task, operation, &task->err);
    }
    if (rc != SY_OK) {
        sy_task_fail(client, task, rc, &task->err);
        return;
    }
    mark_handled(client, sequence);
    sy_client_trace(client, &sy_event_resolve, sy_int(sequence), sy_text(task->schema->name),
                    sy_text(task->call.id), sy_cstr(sy_resolution_name(task->call.resolution)));
    if (!keeps_operation(&task->call)) {
        sy_client_trace(client, &sy_event_dequeue, sy_int(sequence), sy_text(task->schema->name),
                        sy_text(task->call.id), sy_cstr("resolved"));
    }
    sy_task_end(client, task);
}
